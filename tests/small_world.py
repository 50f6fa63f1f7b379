"""A world of three economies and three industries, in the layout of the ICIO's archive."""

import numpy as np


def write_archive(folder):
    """Write the archive into `folder`; return its path."""
    rng = np.random.default_rng(5)
    codes, sectors = ["CAN", "MEX", "FRA"], ["C26", "C29", "SERV"]
    home = 1 + 30 * np.eye(3)
    sold = rng.uniform(1, 2, (3, 3, 3)) * home  # sector, exporter, importer
    bought = 0.2 * rng.uniform(0.5, 1, (3, 3, 3)) * sold.sum(axis=(1, 2)).mean() / 3
    path = folder / "own_2019.npz"
    np.savez(path, X=sold, use=bought, countries=codes, sectors=sectors)
    return path
