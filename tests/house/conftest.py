"""The product, started once for the tests that only look at it."""

import signal

import pytest

from tests.product import Product, wait_until


@pytest.fixture
def make_product(tmp_path):
    """A product that is stopped with the test, whatever became of it."""
    made = []

    def make_product(name="home", *options):
        made.append(Product(tmp_path / name, *(options or ["--no-demo"])))
        return made[-1]

    yield make_product
    for product in made:
        end(product)


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    """One that is up, for all tests of a file: each leaves it up."""
    product = Product(tmp_path_factory.mktemp("house"), "--no-demo").start().wait_until_up()
    yield product
    end(product)


def end(product):
    if product.process:
        product.stop(signal.SIGKILL)
    wait_until(lambda: not product.running())
