"""Errors as problem documents (RFC 9457): what is wrong, where, and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal with its status; `extra` are further members of the document."""

    def __init__(self, status: HTTPStatus, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.extra = status, detail, extra


class BadParameter(Problem):
    """400: a query parameter that is unknown or malformed; `parameters` names each with what is wrong."""

    def __init__(self, parameters: dict[str, str]) -> None:
        listed = "; ".join(f"{name}: {fault}" for name, fault in sorted(parameters.items()))
        super().__init__(HTTPStatus.BAD_REQUEST, listed, parameters=parameters)


def problem_response(fault: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets what is no refusal pass on as a server error."""
    if isinstance(fault, Http404):
        fault = Problem(HTTPStatus.NOT_FOUND, str(fault) or "there is nothing here")
    if isinstance(fault, PermissionDenied):
        fault = exceptions.PermissionDenied()
    headers = {}
    if isinstance(fault, exceptions.APIException):
        told = {
            "WWW-Authenticate": getattr(fault, "auth_header", None),
            "Retry-After": getattr(fault, "wait", None),
        }
        headers = {name: str(value) for name, value in told.items() if value}
        fault = Problem(HTTPStatus(fault.status_code), str(fault.detail))
    if not isinstance(fault, Problem):
        return None
    body = {
        "type": "about:blank",
        "title": fault.status.phrase,
        "status": fault.status.value,
        "detail": fault.detail,
    }
    return Response(body | fault.extra, status=fault.status, headers=headers, content_type=MEDIA_TYPE)
