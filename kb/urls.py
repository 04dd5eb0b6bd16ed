"""The root URLconf: pages in every language, the admin, the machine's own addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from claims.views.house import about, house_page
from claims.views.sitemaps import sitemap
from kb import views
from kb.api import documentation_urls

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.page_not_found
handler500 = views.server_error

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("favicon.ico", views.icon, name="icon"),
    path("llms.txt", views.llms, name="llms"),
    path("look/<slug:version>.css", views.look, name="look"),
    path("api/v1/submissions/", include("claims.letterbox.partners.urls")),
    path("api/v1/", include("kb.api")),
    path("api/", include(documentation_urls)),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("about/", about, name="about"),
        path("about/<slug:key>/", house_page, name="page"),
        path("", include("claims.letterbox.urls")),
        path("", include("claims.urls")),
        prefix_default_language=False,
    ),
]
