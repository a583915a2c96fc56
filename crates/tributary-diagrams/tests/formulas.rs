//! LaTeX.

use tributary_diagrams::{Kind, draw};

use super::drawn;

const FORMULAS: [&str; 40] = [
    "E = mc^2",
    "a^2 + b^2 = c^2",
    r"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
    r"\sum_{i=1}^{n} i = \frac{n(n+1)}{2}",
    r"\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}",
    r"\prod_{p\ \text{prime}} \frac{1}{1 - p^{-s}}",
    r"\lim_{x \to 0} \frac{\sin x}{x} = 1",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"\begin{bmatrix} 1 & \cdots & n \\ \vdots & \ddots & \vdots \\ m & \cdots & mn \end{bmatrix}",
    r"f(x) = \begin{cases} x^2 & x \ge 0 \\ -x & \text{otherwise} \end{cases}",
    r"\begin{aligned} x &= 1 + 2 \\ &= 3 \end{aligned}",
    r"\begin{align} \nabla \cdot \mathbf{E} &= \frac{\rho}{\varepsilon_0} \\ \nabla \cdot \mathbf{B} &= 0 \end{align}",
    r"\mathbb{R} \subset \mathbb{C}, \mathcal{L}, \mathfrak{g}, \mathscr{F}, \mathrm{d}x, \mathsf{T}, \mathtt{x}",
    r"\hat{x} \bar{y} \vec{z} \dot{a} \ddot{b} \tilde{c} \widehat{abc} \overline{AB}",
    r"\left( \frac{1}{1 + \frac{1}{1 + x}} \right)",
    r"\underbrace{a + b + c}_{\text{three}} \overbrace{d + e}^{\text{two}}",
    r"\binom{n}{k} = \frac{n!}{k!(n-k)!}",
    r"\forall \epsilon > 0\ \exists \delta > 0",
    r"A \cup B \cap C \setminus D \subseteq E",
    r"\ce{2H2 + O2 -> 2H2O}",
    r"\color{red}{x} + \textcolor{blue}{y}",
    r"x \xrightarrow{f} y \xleftarrow[g]{h} z",
    r"\boxed{a = b}",
    r"\cancel{x} + \bcancel{y} + \xcancel{z}",
    r"\sqrt[3]{x} + \sqrt{\sqrt{\sqrt{x}}}",
    r"\oint_C \mathbf{F} \cdot d\mathbf{r}",
    r"\alpha\beta\gamma\delta\epsilon\zeta\eta\theta\iota\kappa\lambda\mu\nu\xi\pi\rho\sigma\tau",
    r"\Gamma\Delta\Theta\Lambda\Xi\Pi\Sigma\Upsilon\Phi\Psi\Omega",
    r"x_{i_{j_k}}^{2^{2^2}}",
    r"\stackrel{\text{def}}{=}",
    r"p(\theta \mid \mathcal{D}) \propto p(\mathcal{D} \mid \theta)\, p(\theta)",
    r"\operatorname{softmax}(z)_i = \frac{\exp z_i}{\sum_j \exp z_j}",
    r"\bigl( \Bigl( \biggl( \Biggl( x",
    r"\begin{array}{c|cc} & 0 & 1 \\ \hline 0 & 0 & 1 \\ 1 & 1 & 0 \end{array}",
    r"\newcommand{\Rn}{\mathbb{R}^n} x \in \Rn",
    r"\tag{1} y = mx + c",
    r"\phantom{x} y",
    r"a \equiv b \pmod{n}",
    r"\lvert x \rvert \le \lVert v \rVert, \lfloor x \rfloor, \lceil y \rceil, \langle u, v \rangle",
    r"100\% \text{ of } \$5 \& \#1 \_ \{x\}",
];

#[test]
fn formulas_are_drawn_in_a_line_and_on_their_own() {
    for (number, source) in FORMULAS.iter().enumerate() {
        // These are for equations alone, as in LaTeX.
        if !source.contains(r"\tag") && !source.contains(r"\begin{align}") {
            drawn(Kind::Formula, source, &format!("formula-{number:02}"));
        }
        drawn(Kind::Equation, source, &format!("equation-{number:02}"));
    }
}

#[test]
fn what_mathjax_takes_is_drawn() {
    // The same picture as that of what it stands for.
    for (source, plain) in [
        (r"\newcommand{\R}{\mathbb{Q}} \R^n", r"\mathbb{Q}^n"),
        (r"\newcommand\R[1]{\mathbb{#1}} \R{Q}^n", r"\mathbb{Q}^n"),
        (
            r"\newcommand*{\half}[2]{\frac{#1}{#2}}\half{1}{2}",
            r"\frac{1}{2}",
        ),
        (r"\require{cancel}\cancel{x}", r"\cancel{x}"),
        (
            r"\DeclareMathOperator{\sgn}{sgn} \sgn x",
            r"\operatorname{sgn} x",
        ),
        (
            r"\DeclareMathOperator*{\best}{arg\,{max}} \best_x y",
            r"\operatorname*{arg\,{max}}_x y",
        ),
        (r"a = b \label{eq:1}", "a = b"),
        (r"\class{a}{b} x", "b x"),
        (r"\unicode{x3b1} + \unicode{946}", "α + β"),
        (r"\mathbbm{R}^n", r"\mathbb{R}^n"),
        (r"\idotsint_V x", r"\int\!\cdots\!\int_V x"),
        (
            r"\begin{multline} a + b \\ c \end{multline}",
            r"\begin{gathered} a + b \\ c \end{gathered}",
        ),
        (
            r"\begin{multline*} a + b \\ c \end{multline*}",
            r"\begin{gathered} a + b \\ c \end{gathered}",
        ),
        (
            r"\begin{eqnarray} a &=& \& \\ d &<& \begin{matrix} f & g \end{matrix} \end{eqnarray}",
            r"\begin{aligned} a &= \& \\ d &< \begin{matrix} f & g \end{matrix} \end{aligned}",
        ),
        (
            r"\begin{eqnarray*} a &\le& b \end{eqnarray*}",
            r"\begin{aligned} a &\le b \end{aligned}",
        ),
    ] {
        let made = draw(Kind::Equation, source).expect(source);
        let expected = draw(Kind::Equation, plain).expect(plain);
        assert_eq!(
            (made.width(), made.height()),
            (expected.width(), expected.height()),
            "{source}"
        );
    }
    let failure = draw(
        Kind::Equation,
        r"\newcommand{\R}[1]{#1} \R{1} \nosuchcommand",
    )
    .unwrap_err();
    assert_eq!((failure.line, failure.column), (Some(1), Some(30)));
    // What was put in the place of something else is no longer than that was.
    for source in [
        r"\DeclareMathOperator{\a}{a} \nosuchcommand",
        r"\begin{eqnarray}a&=&b\end{eqnarray} \nosuchcommand",
        r"x \label{multline} \nosuchcommand",
        r"\idotsint \class{a}{b} \nosuchcommand",
        r"\unicode{x3b1} \mathbbm{R} \nosuchcommand",
    ] {
        let failure = draw(Kind::Equation, source).unwrap_err();
        let column = u32::try_from(source.find(r"\nosuchcommand").expect(source) + 1).ok();
        assert_eq!(
            (failure.line, failure.column),
            (Some(1), column),
            "{source}"
        );
    }
    // What is not ended or names no command stays what it is.
    for source in [
        r"\DeclareMathOperator{\a",
        r"\DeclareMathOperator{a}{b}",
        r"\begin{eqnarray} a",
        r"\unicode{x3b1",
        r"\unicode{xd800}",
        // There is no such one.
        r"\mathbbm{1}",
    ] {
        assert!(draw(Kind::Equation, source).is_err(), "{source}");
    }
}

#[test]
fn a_formula_knows_the_line_it_stands_in() {
    let flat = drawn(Kind::Formula, "x", "formula-x");
    let deep = drawn(Kind::Formula, r"\frac{1}{y}", "formula-frac");
    assert!(flat.below_baseline() < 3.0 && deep.below_baseline() > flat.below_baseline() + 3.0);
    assert!(deep.below_baseline() < deep.height());
    // About the size of a letter in the text around it.
    assert!((8.0..16.0).contains(&flat.height()), "{}", flat.height());
    let displayed = drawn(Kind::Equation, r"\frac{1}{y}", "equation-frac");
    assert!(displayed.height() > deep.height());
}

#[test]
fn a_mistake_has_its_place() {
    for (source, line, column) in [
        (r"a + \nosuchcommand", 1, 5),
        ("a +\n  \\frac{1", 2, 10),
        ("x^2^3", 1, 4),
    ] {
        let failure = draw(Kind::Equation, source).unwrap_err();
        assert_eq!(
            (failure.line, failure.column),
            (Some(line), Some(column)),
            "{source}: {failure}"
        );
    }
    assert!(draw(Kind::Formula, " \n").is_err());
}

/// What is drawn with our own fonts is drawn the same on every machine.
#[test]
fn letters_that_the_fonts_of_formulas_lack_are_drawn_with_ours() {
    let paths = |source: &str, name: &str| {
        let picture = drawn(Kind::Formula, source, name);
        picture.svg().matches("<path").count()
    };
    let without = paths("x =", "formula-no-letters");
    for (source, name) in [
        (r"x = \text{ä}", "formula-umlaut"),
        (r"x = \text{Ж}", "formula-cyrillic"),
        (r"x = \text{中}", "formula-chinese"),
        (r"x = \text{🚀}", "formula-emoji"),
    ] {
        assert!(paths(source, name) > without, "{source}");
    }
}
