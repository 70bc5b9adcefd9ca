"""Words after which whoever writes them is shown whom they can call. They block nothing, and nobody is judged by them."""

from content.screening.words import collapsed, has_phrase, language_of

# Phrases rather than single words: an article about grief must be possible to talk about.
PHRASES: dict[str, tuple[str, ...]] = {
    "en": (
        *("kill myself", "killing myself", "end my life", "ending my life", "take my own life", "taking my own life"),
        *("want to die", "wanted to die", "wanna die", "wish i was dead", "wish i were dead", "better off dead"),
        *("better off without me", "suicide", "suicidal", "no reason to live", "not worth living", "end it all"),
        *("don't want to live", "dont want to live", "don't want to be here anymore", "don't want to wake up"),
        *("can't go on", "cant go on", "hurt myself", "hurting myself", "harm myself", "harming myself", "self-harm"),
        *("self harm", "cut myself", "cutting myself", "overdose"),
    ),
    "de": (
        *("mich umbringen", "mir das leben nehmen", "nicht mehr leben", "will sterben", "möchte sterben", "suizid"),
        *("selbstmord", "suizidal", "wäre lieber tot", "wäre ich tot", "besser tot", "ohne mich besser dran"),
        *("kann nicht mehr weiter", "mich verletzen", "mich selbst verletzen", "mich ritzen", "ritze mich"),
        *("selbstverletzung", "überdosis", "keinen grund zu leben", "allem ein ende"),
    ),
    "fr": (
        *(
            "me tuer",
            "me suicider",
            "suicide",
            "suicidaire",
            "mettre fin à mes jours",
            "envie de mourir",
            "veux mourir",
        ),
        *("plus envie de vivre", "ne veux plus vivre", "mieux sans moi", "me faire du mal", "me couper", "surdose"),
        *("en finir avec la vie", "je n'en peux plus de vivre", "aucune raison de vivre"),
    ),
    "es": (
        *("matarme", "me quiero matar", "quitarme la vida", "suicidio", "suicidarme", "suicida", "quiero morir"),
        *("no quiero vivir", "ganas de vivir", "mejor sin mí", "hacerme daño", "cortarme", "sobredosis"),
        *("acabar con todo", "no puedo más con la vida", "sin razón para vivir"),
    ),
}


def speaks_of_crisis(text: str, *, locale: str) -> bool:
    """Whether one of the phrases stands in the text: those of the clinic's language, and the English ones everywhere."""
    plain = collapsed(text)
    phrases = PHRASES["en"] + PHRASES.get(language_of(locale), ())
    return any(has_phrase(plain, phrase) for phrase in phrases)
