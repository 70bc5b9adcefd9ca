"""Going through pages with nothing but a keyboard."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 120
# What is drawn around the focus may stand at the element, at its ::after, at its label or at the box that looks like it.
FOCUS = """(target) => {
  const element = document.activeElement;
  if (!element || element === document.body) return { there: false, seen: true };
  const box = element.getBoundingClientRect();
  const drawn = [[element], [element, "::after"], [element.closest("label")], [element.nextElementSibling]]
    .filter(([place]) => place)
    .map(([place, part]) => getComputedStyle(place, part))
    .some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  // The calendar of a field for a date is a stop of its own, where the browser draws the focus.
  const inside = element.matches("input[type=date], input[type=time]") && !element.matches(":focus-visible");
  return {
    there: element === target,
    html: element.outerHTML.slice(0, 160),
    seen: (drawn || inside) && box.bottom > 0 && box.top < innerHeight,
  };
}"""


class Keyboard:
    """Tab from stop to stop; each one must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tap(self, key: str) -> None:
        """One key, once the page listens: what is seen may be there before its scripts are."""
        self.page.wait_for_load_state()
        self.page.keyboard.press(key)

    def go_to(self, target: Locator, *, key: str = "Tab") -> None:
        """Press Tab (or Shift+Tab) until the target has the focus."""
        target.wait_for(state="attached")
        self.page.wait_for_load_state()
        there = target.evaluate("element => element === document.activeElement")
        for _ in range(MOST_STOPS):
            if there:
                return
            self.page.keyboard.press(key)
            focus = target.evaluate(FOCUS)
            assert focus["seen"], f"The focus can't be seen: {focus['html']}"
            there = focus["there"]
        raise AssertionError(f"{key} never reaches {target}")

    def choose(self, button: Locator) -> None:
        """Tab into the group of radio buttons, then arrow down to this one."""
        group = button.page.locator(f"input[name={button.get_attribute('name')}]")
        self.go_to(group.and_(button.page.locator(":checked")).or_(group.first).first)
        for _ in range(group.count()):
            if button.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows never reach {button}")

    def write(self, target: Locator, text: str) -> None:
        self.go_to(target)
        self.page.keyboard.type(text)

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Enter for links and buttons, Space for boxes to tick and buttons to choose."""
        self.go_to(target)
        self.page.keyboard.press(key)
