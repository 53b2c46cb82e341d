"""``python -m pmiek`` and the command ``pmiek``: compiled modules are kept before the libraries are imported."""

from importlib import import_module

from pmiek.bytecode import keep_compiled


def main() -> None:
    """Run the command line."""
    keep_compiled()
    import_module("pmiek.cli").main()


if __name__ == "__main__":
    main()
