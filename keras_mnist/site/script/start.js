startHighlights();
startClaims();
startStudies();
startSearch();
startDrawing();
