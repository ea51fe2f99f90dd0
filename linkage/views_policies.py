"""The policies: each rule said in words, with its legal basis and what the rules about rules find."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from linkage import pages, register, rules
from linkage.models import Policy
from people.http import AuthenticatedRequest


@require_GET
def policies(request: AuthenticatedRequest) -> HttpResponse:
    """Every version. Policies are public within the bureau: whoever is judged by a rule may read it."""
    return render(request, "linkage/policies.html", {"policies": Policy.objects.all()})


@require_GET
def policy(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One version: its rules in the order of the file, each as a sentence from the tree that decides."""
    found = get_object_or_404(Policy, pk=pk)
    tree = register.parsed(found)
    said = [(rule, pages.sentence(tree, rule.id)) for rule in tree.rules.values()]
    context = {"policy": found, "rules": said, "quotas": tree.quotas.values(), "findings": rules.check(tree)}
    return render(
        request, "linkage/policy.html", {**context, "records": found.records.select_related("actor__officer")}
    )
