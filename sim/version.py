"""The version of the program, in a file of its own so that no module has to import the package."""

__version__ = "0.1.0"
