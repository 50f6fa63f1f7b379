"""The model's equations to read: seven blocks, each in words and in symbols."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class EquationBlock:
    """One block of equations."""

    title: str
    words: str
    latex: str


AXES = r"""
Buyers $n$, sellers $i$, sectors $j$, inputs $k$. A hat is the scenario over the baseline; a prime
is the scenario's own level. The same blocks stand in `docs/model.md`.
"""

ROOM = r"\;\;\rule[-1.2em]{0pt}{3.1em}"
"""Room after, above and below a formula: its last, slanted letter would bring a scroll bar, and
tall fractions would be cut."""

BLOCKS = (
    EquationBlock(
        "1. What goods cost to make",
        "A sector's cost moves with its wages and its inputs, each with its share in the cost "
        "($\\gamma$). Rare earths (share $s$, price $P^R$) can hardly be replaced: they join the "
        "rest with elasticity $\\epsilon = 0.15$.",
        r"\begin{gathered} \hat r_i^j = \big(\hat w_i^j\big)^{\gamma_i^j} \prod_k "
        r"\big(\hat P_i^k\big)^{\gamma_i^{k,j}} \\ \hat c_i^j = \Big[(1-s)\,"
        r"\big(\hat r_i^j\big)^{1-\epsilon} + s\,\big(\hat P_i^R\big)^{1-\epsilon}\Big]"
        r"^{\frac{1}{1-\epsilon}} \end{gathered}",
    ),
    EquationBlock(
        "2. What they cost where they are bought",
        "Tariffs $t$, export taxes and licence wedges $x$, and real costs of trade $d$ come on "
        "top.",
        r"\hat\kappa_{ni}^j = \frac{1+t_{ni}^{j\prime}}{1+t_{ni}^j}\;\hat d_{ni}^j\;"
        r"\frac{1+x_{ni}^{j\prime}}{1+x_{ni}^j}",
    ),
    EquationBlock(
        "3. From whom they are bought",
        "Buyers turn to sellers that became cheaper, the more so the larger the trade elasticity "
        "$\\theta^j$; prices follow.",
        r"\begin{gathered} \big(\hat P_n^j\big)^{-\theta^j} = \sum_i \pi_{ni}^j "
        r"\big(\hat\kappa_{ni}^j \hat c_i^j\big)^{-\theta^j} \\ \pi_{ni}^{j\prime} = "
        r"\pi_{ni}^j \Big(\frac{\hat\kappa_{ni}^j \hat c_i^j}{\hat P_n^j}\Big)^{-\theta^j} "
        r"\end{gathered}",
    ),
    EquationBlock(
        "4. Who spends what",
        "Households spend fixed shares $\\alpha$ of their income: what they earn, the tariffs and "
        "rents that come home, and the deficit. Firms spend on inputs.",
        r"X_n^{j\prime} = \alpha_n^j \big(F_n' + R_n' + D_n'\big) + \sum_k \gamma_n^{j,k}\,"
        r"Y_n^{k\prime}",
    ),
    EquationBlock(
        "5. Where people and capital work",
        "They move to sectors that pay better, but only in part: $\\kappa = 1.5$ by default, and "
        "the lever moves it. Rare-earth plants outside China cannot grow.",
        r"\hat L_n^j = \Big(\frac{\hat w_n^j}{\hat\Phi_n}\Big)^{\kappa - 1},\qquad "
        r"\hat\Phi_n^{\kappa} = \sum_j \ell_n^j\,\hat w_n^{j\,\kappa}",
    ),
    EquationBlock(
        "6. What stays fixed",
        "Only relative prices mean anything: the world's factor income is the measure (the pages "
        "show prices over a country's own wages and profits), and "
        "deficits keep their shares of it.",
        r"\sum_n F_n' = \sum_n F_n,\qquad D_n' = \frac{D_n}{\sum_m F_m} \sum_m F_m'",
    ),
    EquationBlock(
        "7. Licences and promises",
        "A licence caps a quantity $Q$. The wedge $x$ that makes it hold is solved with all the "
        "rest, and is zero where it holds by itself. A promise to buy is the same from below.",
        r"\hat Q_T \le \bar q_T,\quad x_T \ge 0,\quad x_T\,(\hat Q_T - \bar q_T) = 0",
    ),
)


def draw() -> None:
    """Draw the blocks, each in words and in symbols."""
    st.markdown(AXES)
    for block in BLOCKS:
        st.markdown(f"**{block.title}.** {block.words}")
        st.latex(f"{block.latex}{ROOM}")
