"""A client of a Dask scheduler, and what is asked of a cluster before it gets any run."""

import json
import logging

from distributed import Client
from distributed.protocol.pickle import dumps
from distributed.security import Security

from keras_mnist.base.errors import ExperimentError, WorkerError, shown
from keras_mnist.base.reading import parse_json
from keras_mnist.runs.executors import station
from keras_mnist.runs.executors.wire import PLAIN, TIMEOUT

_START = "Start workers with: dask worker {} --nthreads 1"
_TLS = "distributed.comm.tls"  # where Dask's configuration names the certificates


def connected(address: str) -> Client:
    """Return a client of the scheduler at `address`, to which nothing comes but plain data.

    Raises:
        ExperimentError: none answers there; or certificates are missing or refused.
    """
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters, we say ourselves
    options = {"timeout": TIMEOUT, "set_as_default": False, "deserializers": [PLAIN]}
    try:
        security = _security(address)
        client = Client(f"plain-{address}", security=security, **options)
    except (OSError, ValueError) as error:
        silent = isinstance(error, TimeoutError) and not str(error)
        reason = "nothing" if silent else str(error) or type(error).__name__
        raise ExperimentError(
            f"a Dask scheduler must answer at {address} within {TIMEOUT} s",
            shown(reason.replace("plain-", "")),
            "Start one with: dask scheduler. One with certificates answers to dask+tls://, one "
            "without to dask://",
        ) from None
    for topic in Client._default_event_handlers:  # they would print what workers say
        client.unsubscribe_topic(topic)
    return client


def _security(address: str) -> Security:
    try:
        security = Security()
        context = security.get_connection_args("client")["ssl_context"]
    except OSError as error:
        raise ExperimentError(
            f"the certificates that Dask's configuration names at {_TLS} must be readable",
            error,
        ) from None
    if context is None and address.startswith("tls:"):
        raise ExperimentError(
            f"dask+tls:// needs certificates in Dask's configuration: {_TLS}.ca-file, "
            f"{_TLS}.client.cert and {_TLS}.client.key",
            "not all of them",
        )
    return security


def usable_workers(address: str) -> list[str]:
    """Return the addresses of the workers there; errors as in `connected` and `checked`."""
    with connected(address) as client:
        return checked(client, address)


def checked(client: Client, address: str) -> list[str]:
    """Return the addresses of the workers of `client`.

    Raises:
        ExperimentError: there is none, or one has another version of something that decides a
            run's bits, or more than one thread.
    """
    try:
        client.wait_for_workers(1, timeout=TIMEOUT)
    except TimeoutError:
        raise ExperimentError(
            f"the scheduler at {address} must have a worker", "none", _START.format(address)
        ) from None
    message = {"op": "run", "function": dumps(station.found)}
    answers = station.asked(client, "broadcast", msg=message, on_error="return")
    wanted = station.required()
    reasons = [_objection(worker, wanted, answer) for worker, answer in sorted(answers.items())]
    if any(reasons):
        raise ExperimentError(
            "every worker must have one thread and the versions that this command has",
            "; ".join(filter(None, reasons)),
            f"Stop those workers. {_START.format(address)}, in an environment like this one",
        )
    return list(answers)


def _objection(worker: str, wanted: dict, answer) -> str:
    """Return why a worker may not train, or nothing; `answer`: anything that it said."""
    try:
        if answer["status"] != "OK":  # this package cannot even be imported there
            return f"{worker}: {shown(answer['exception_text'])}"
        found = parse_json(answer["result"])
        return shown(station.objection(worker, wanted, dict(found)))
    except (KeyError, TypeError, ValueError):
        return f"{worker}: no answer that could be read"


def post(client: Client, plugin: station.Station) -> None:
    """Send `plugin` to every worker there is, and by the scheduler to those to come.

    Raises:
        WorkerError: one could not take it up.
    """
    what = {"plugin": dumps(plugin), "name": plugin.name, "idempotent": False}
    answers = station.asked(client, "register_worker_plugin", **what)
    for worker, answer in answers.items():
        if not isinstance(answer, dict) or answer.get("status") != "OK":
            text = answer.get("exception_text") if isinstance(answer, dict) else answer
            raise WorkerError(
                "every worker must take up its post", f"{worker}: {shown(text)}", "Stop that one"
            )


def on_scheduler(client: Client, function, *args):
    """Return what `function`, one of the next two, finds where the scheduler is.

    Raises:
        ValueError: the answer is no JSON.
    """
    text = client.run_on_scheduler(function, *args)
    if not isinstance(text, str):
        raise ValueError("an answer that is no text")
    return parse_json(text)


def left_behind(prefix: str, dask_scheduler) -> str:
    """Return the names of plugins whose clients are gone, as JSON; run on the scheduler by Dask.

    Args:
        prefix: of their names, followed by the client's.
        dask_scheduler: filled in by Dask.
    """
    return json.dumps(
        [
            name
            for name in dask_scheduler.worker_plugins
            if name.startswith(prefix) and name.removeprefix(prefix) not in dask_scheduler.clients
        ]
    )


def ending(key, dask_scheduler) -> str:
    """Return what the scheduler knows of a task's end, as JSON; run as `left_behind` is.

    That is: `killed`, whether several workers died with it; the `text` of its error; `workers`,
    the addresses of those whose answer it was.
    """
    task = dask_scheduler.tasks.get(key)
    if task is None:
        return json.dumps({"killed": False, "text": "a task that is not known", "workers": []})
    text = task.exception_text
    found = {
        "killed": not text and task.suspicious > dask_scheduler.allowed_failures,
        "text": text or "an end without a word",
        "workers": [*(task.erred_on or ()), *(holder.address for holder in task.who_has or ())],
    }
    return json.dumps(found)
