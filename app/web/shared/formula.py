"""Formulas as MathML, from the Python expressions by which activations and costs declare them.

The expressions are constants of this program, so the markup needs no escaping.
"""

from __future__ import annotations

import ast

from markupsafe import Markup

_OPERATORS: dict[type, str] = {ast.Add: "+", ast.Sub: "−", ast.Gt: "&gt;", ast.Lt: "&lt;"}
# With numbers in place of letters, each of these is one number.
_NUMBERS = ("e ** z", "sum(e ** z)")


def mathml(formula: str, index: str = "") -> Markup:
    """A formula such as "1 / (1 + e ** -z)" as the content of an <mrow>. `index` is each letter's subscript.

    A formula has names, numbers, + - * / **, > <, "x if c else y" and calls; sum(…) becomes a ∑ over `index`. Raises
    ValueError for anything else.
    """
    return Markup(_Writer(index).write(ast.parse(formula, mode="eval").body))  # noqa: S704


def mathml_with_numbers(formula: str) -> Markup:
    """The same with an empty <mn data-value="z"> for each letter, which static/network/formula.js fills with a number.

    e^z and its sum over all outputs are one number each: data-value="e ** z" and "sum(e ** z)". A number times a letter
    is one number with data-times. data-bracketed marks where a negative number needs brackets.
    """
    return Markup(_NumberWriter("").write(ast.parse(formula, mode="eval").body))  # noqa: S704


class _Writer:
    def __init__(self, index: str) -> None:
        self._index = index

    def write(self, node: ast.expr) -> str:
        match node:
            case ast.Constant():
                return f"<mn>{node.value!r}</mn>"
            case ast.Name():
                return self.letter(node)
            case ast.UnaryOp(ast.USub()):
                return f"<mo>−</mo>{self.operand(node.operand)}"
            case ast.BinOp(op=ast.Div()):
                return f"<mfrac><mrow>{self.write(node.left)}</mrow><mrow>{self.write(node.right)}</mrow></mfrac>"
            case ast.BinOp(op=ast.Pow()):
                return f"<msup><mrow>{self.operand(node.left)}</mrow><mrow>{self.write(node.right)}</mrow></msup>"
            case ast.BinOp(op=ast.Mult()):
                return self.product(node)
            case ast.BinOp():
                right = self.operand(node.right) if isinstance(node.op, ast.Sub) else self.write(node.right)
                return f"{self.write(node.left)}<mo>{_OPERATORS[type(node.op)]}</mo>{right}"
            case ast.Compare():
                sign = _OPERATORS[type(node.ops[0])]
                return f"{self.write(node.left)}<mo>{sign}</mo>{self.write(node.comparators[0])}"
            case ast.IfExp():
                condition, other = self.write(node.test), self.write(node.orelse)
                words = "<mtext>&nbsp;if&nbsp;</mtext>", "<mtext>, otherwise&nbsp;</mtext>"
                return f"{self.write(node.body)}{words[0]}{condition}{words[1]}{other}"
            case ast.Call(func=ast.Name(id="sum")):
                term = self.operand(node.args[0])
                if self._index:
                    return f"<munder><mo>∑</mo><mi>{self._index}</mi></munder>{term}"
                return f'<mo>∑</mo>{term}<mspace width="0.3em"/><mtext>of all ten</mtext>'
            case ast.Call(func=ast.Name(id=name)):
                arguments = "<mo>,</mo>".join(self.write(argument) for argument in node.args)
                bare = name == "ln" and isinstance(node.args[0], ast.Name)
                return f'<mi>{name}</mi><mspace width="0.15em"/>' + (arguments if bare else _bracketed(arguments))
        raise ValueError(f"A formula can't hold {ast.unparse(node)!r}.")

    def letter(self, node: ast.Name) -> str:
        letter = f"<mi>{node.id}</mi>"
        return f"<msub>{letter}<mi>{self._index}</mi></msub>" if self._index and node.id != "e" else letter

    def operand(self, node: ast.expr) -> str:
        """An expression, in brackets if it is a sum or a difference."""
        is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        return _bracketed(self.write(node)) if is_sum else self.write(node)

    def product(self, node: ast.BinOp) -> str:
        """A product, with a dot between two letters or numbers."""
        dot = "<mo>·</mo>" if isinstance(node.right, ast.Name | ast.Constant) else ""
        return f"{self.operand(node.left)}{dot}{self.operand(node.right)}"


class _NumberWriter(_Writer):
    def write(self, node: ast.expr) -> str:
        name = ast.unparse(node)
        return f'<mn data-value="{name}"></mn>' if name in _NUMBERS else super().write(node)

    def letter(self, node: ast.Name) -> str:
        return super().letter(node) if node.id == "e" else f'<mn data-value="{node.id}"></mn>'

    def operand(self, node: ast.expr) -> str:
        written = super().operand(node)
        return written.replace("<mn ", "<mn data-bracketed ") if isinstance(node, ast.Name) else written

    def product(self, node: ast.BinOp) -> str:
        if isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Name):
            return f'<mn data-times="{node.left.value!r}" data-value="{node.right.id}"></mn>'
        return f"{self.operand(node.left)}<mo>·</mo>{self.operand(node.right)}"


def _bracketed(written: str) -> str:
    return f'<mo stretchy="false">(</mo>{written}<mo stretchy="false">)</mo>'
