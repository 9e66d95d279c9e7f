"""The answer as a page of its own: source and translation side by side."""

from jinja2 import Environment, PackageLoader

from service.result import Result

_environment = Environment(
    loader=PackageLoader("service", "web/templates"), autoescape=True, trim_blocks=True
)


def to_html(result: Result) -> str:
    """A complete HTML document without scripts or outside requests; all text is escaped."""
    return _environment.get_template("article.html").render(result=result)
