"""Somebody of the demonstration in a browser of his own: what he opens, which steps he takes, what he reads."""

import re
import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from workflows.calendars import local_day

WAIT = 20_000  # milliseconds; the machine may be busy
DELIVERY = 60  # seconds
LOADED = re.compile("Failed to load resource")


class Person:
    """A signed-in account. Whatever its pages complain of on the console is kept."""

    def __init__(self, context, url):
        self.context = context
        self.url = url.rstrip("/")
        self.complaints = []
        context.set_default_timeout(WAIT)
        self.page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _hear(self, message):
        # An answer of 404 or 422 is said on the console as well; the tests look at the answers themselves.
        if message.type in {"error", "warning"} and not LOADED.match(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def sign_in(self, username, password):
        self.go("/sign-in/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.page.click("#sign-in-form button")
        expect(self.page.locator(".nav-user")).to_be_attached()
        return self

    def go(self, path, *, status=200):
        answer = self.page.goto(self.url + path)
        assert answer.status == status, f"{path}: {answer.status}"
        return self

    def fill_in(self, **said):
        """Fill in the form of the page."""
        for name, value in said.items():
            fill(self.page.locator("main, body > div").first, name, value)
        return self

    def press(self, label, *, within="body"):
        """Press a button or follow a link by its words; open what it lies folded in."""
        place = self.page.locator(within)
        found = place.locator("button, a.btn").filter(has_text=re.compile(f"^\\s*{re.escape(label)}\\s*$")).first
        if not found.is_visible():
            place.locator("summary").first.click()
        found.click()
        return self

    # Cases -----------------------------------------------------------------------------------------------------------
    @property
    def panel(self):
        return self.page.locator("#case-panel")

    def open_case(self, key):
        return self.go(f"/cases/{key}/")

    def take(self, label, **said):
        """Take a step of the open case by its label, filling in what its dialog asks for."""
        control = self._control(label)
        asks = control.evaluate("element => element.tagName") == "A"
        control.click()
        if asks:
            self._answer(label, said)
        expect(self.page.locator(".toast")).to_contain_text(label, timeout=WAIT)
        expect(self.page.locator("dialog[open]")).to_have_count(0)
        return self

    def _control(self, label):
        exactly = re.compile(f"^\\s*{re.escape(label)}…?\\s*$")
        control = self.panel.locator("a.btn, form button.btn--primary").filter(has_text=exactly)
        expect(control).to_have_count(1)
        if not control.is_visible():
            self.panel.locator("details.menu > summary").click()
        return control

    def _answer(self, label, said):
        dialog = self.page.locator("#step-dialog[open]")
        expect(dialog).to_contain_text(label)
        for name, value in said.items():
            fill(dialog, name, value)
        dialog.locator(".dialog-foot button:not([type])").click()

    def sees(self, state):
        """The open case is in this state."""
        expect(self.panel.locator(".badge").first).to_have_text(state)
        return self

    # Messages --------------------------------------------------------------------------------------------------------
    def hears(self, key, words):
        """The worker delivers a message about a case to his inbox, alone or in a list; he opens the case from it."""
        self._hears(f"a[href='/cases/{key}/']", words).click()
        return self

    def is_told(self, words):
        """The worker delivers a message that is about no case."""
        self._hears("li", words)
        return self

    def _hears(self, where, words):
        end = time.monotonic() + DELIVERY
        while not (found := self._message(where, words)):
            assert time.monotonic() < end, f"never heard of {words!r}"
            self.page.wait_for_timeout(500)
        return found

    def _message(self, where, words):
        """The message, in the inbox or in one of its lists."""
        lists = self.go("/messages/").page.locator("main a[href*='/messages/lists/']").filter(has_text=words)
        for place in ("/messages/", *(found.get_attribute("href") for found in lists.all())):
            found = self.go(place).page.locator(f"main {where}").filter(has_text=words)
            if found.count():
                return found.first
        return None


def fill(place, name, value):
    """Answer one question of a form: tick, choose or write."""
    field = place.locator(f"[name={name}]")
    match field.first.get_attribute("type"), field.first.evaluate("element => element.tagName"):
        case "radio", _:
            place.locator(f"[name={name}][value='{value}']").check()
        case _, "SELECT":
            field.select_option(value)
        case _:
            field.fill(str(value))


def in_days(number):
    """A day to come, as one types it."""
    return (local_day(datetime.now(UTC)) + timedelta(days=number)).isoformat()
