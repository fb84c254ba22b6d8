"""What every request passes through, from the outside in."""

from collections.abc import Collection

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.heads import Heads
from api.limits.bodies import Bodies
from api.limits.overload import Overload
from api.limits.patience import Patience
from api.limits.rates import Rates
from api.observability.metrics import Metrics
from api.observability.requests import Requests
from api.policy import Policy
from api.protection import Protection, headers_of


def surround(app: FastAPI, policy: Policy, hosts: Collection[str], metrics: Metrics) -> None:
    """Put the middleware around an application. The last that is added is the outermost."""
    app.state.headers = headers_of(policy)
    app.state.https = policy.https
    app.add_middleware(Heads)
    # A body is complete before the time of the request runs, and before it takes a place.
    app.add_middleware(Overload, policy=policy)
    app.add_middleware(Patience, policy=policy)
    app.add_middleware(Bodies, policy=policy)
    app.add_middleware(Rates, policy=policy)
    if policy.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=policy.cors_origins,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "If-Match"),
            allow_credentials=policy.cors_credentials,
        )
    app.add_middleware(Protection, policy=policy, hosts=hosts)
    app.add_middleware(Requests, metrics=metrics)
    if policy.trusted_proxies:
        # Here rather than by options of the server, so that it holds however it is started.
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(policy.trusted_proxies))
