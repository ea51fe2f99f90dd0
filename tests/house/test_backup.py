"""Dumped, wiped and restored, the state is what it was; what would not do is refused before anything is touched."""

import json
import tarfile

import pytest

from tests.product import ROOT, Product, wait_until

pytestmark = [pytest.mark.house, pytest.mark.slow]

COUNTS = """
SELECT (SELECT count(*) FROM workflows_case), (SELECT count(*) FROM workflows_transitionrecord),
       (SELECT count(*) FROM workflows_outboxmessage), (SELECT count(*) FROM appraisal_result),
       (SELECT md5(string_agg(head::text, '' ORDER BY id)) FROM workflows_case)
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A home with cases and an anchor over their history, and its backup."""
    product = Product(tmp_path_factory.mktemp("filled") / "home")
    product.manage("migrate", "-v0")
    product.manage("load_bureau", str(ROOT / "samples" / "haizhou"))
    product.manage("open_cases", "2025Q4", "--as-of", "2026-01-10")
    product.manage("anchor_history")
    file = product.home.parent / "trilink.backup"
    assert "sha256" in product.manage("backup", str(file)).stdout
    return product, file


def counts(product):
    code = f"from django.db import connection as c; k = c.cursor(); k.execute('''{COUNTS}'''); print(k.fetchone())"
    return product.manage("shell", "--no-imports", "-c", code).stdout


def proven(product):
    product.manage("migrate", "--check")
    product.manage("check_invariants")
    return "1" in product.manage("verify_history").stdout


def test_a_backup_restored_into_an_empty_home_is_whole(filled, make_product):
    product, file = filled
    fresh = make_product("fresh")
    fresh.manage("restore", str(file))
    assert counts(fresh) == counts(product)
    assert proven(fresh)
    anchors = (fresh.home / "anchors" / "history.jsonl").read_text()
    assert anchors == (product.home / "anchors" / "history.jsonl").read_text() != ""


def test_what_is_there_is_replaced_only_when_told(filled, make_product):
    product, file = filled
    other = make_product("other")
    other.manage("migrate", "-v0")
    refused = other.manage("restore", str(file), check=False)
    assert (refused.returncode, "--replace" in refused.stderr) == (2, True)
    other.manage("restore", str(file), "--replace")
    assert counts(other) == counts(product)
    # What was restored can be saved and restored again.
    second = other.home.parent / "second.backup"
    other.manage("backup", str(second))
    other.manage("restore", str(second), "--replace")
    assert counts(other) == counts(product)
    assert proven(other)


def repacked(file, target, change):
    """The same backup with its parts changed."""
    with tarfile.open(file) as old, tarfile.open(target, "w") as new:
        for name in old.getnames():
            path = target.with_name(name)
            path.write_bytes(change(name, old.extractfile(name).read()))
            new.add(path, arcname=name)
    return target


def of_a_later_version(name, content):
    if name != "manifest.json":
        return content
    manifest = json.loads(content)
    manifest["migrations"].append("workflows.9999_from_the_future")
    return json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda name, content: content[:-1] + b"x" if name == "database.dump" else content, "校验和"),
        (lambda name, content: content + b"{}" if name == "anchors.jsonl" else content, "校验和"),
        (lambda name, content: b"{}" if name == "manifest.json" else content, "不是完整的备份"),
        (of_a_later_version, "9999_from_the_future"),
    ],
)
def test_what_is_no_sound_backup_is_refused(filled, tmp_path, change, words):
    product, file = filled
    before = counts(product)
    refused = product.manage("restore", str(repacked(file, tmp_path / "x", change)), "--replace", check=False)
    assert refused.returncode == 2
    assert words in refused.stderr
    assert counts(product) == before


def test_a_backup_is_never_written_over(filled):
    product, file = filled
    size = file.stat().st_size
    assert product.manage("backup", str(file), check=False).returncode == 2
    assert file.stat().st_size == size
    assert oct(file.stat().st_mode)[-3:] == "600"


def test_a_running_product_is_not_restored_over(filled, make_product):
    _product, file = filled
    running = make_product("running").start().wait_until_up()
    refused = running.manage("restore", str(file), "--replace", check=False)
    assert (refused.returncode, "已有一个 Trilink" in refused.stderr) == (2, True)
    assert running.answers()
    # Nor from elsewhere, while any program is connected to the database.
    wait_until(lambda: running.rows("SELECT count(*) FROM workflows_slot") > [(2,)])
    (running.home / "up.lock").rename(running.home / "up.lock.away")
    with running.connect():
        refused = running.manage("restore", str(file), "--replace", check=False)
    assert (refused.returncode, "请先停止全部程序" in refused.stderr) == (2, True)
