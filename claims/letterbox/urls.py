"""Where readers report an error, relative to the language's prefix."""

from django.urls import path

from claims.letterbox.views import report

app_name = "letterbox"

urlpatterns = [path("report/<slug:ref>/", report, name="report")]
