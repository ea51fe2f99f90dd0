"""Pages that belong to no app: what a phone has no room for in its bar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    return render(request, "menu.html")
