"""/api/v1/submissions/: asks for a key instead of a login."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from claims.letterbox.partners.views import SubmissionViewSet

app_name = "partners"

urlpatterns = [
    path("", login_not_required(SubmissionViewSet.as_view({"get": "list", "post": "create"})), name="list"),
    path(
        "<slug:ref>/",
        login_not_required(SubmissionViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
        name="detail",
    ),
]
