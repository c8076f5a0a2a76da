"""Numbers as pages and papers write them: thousands in groups of three, 20,000.

Chinese and English do it alike, and so must every language of `config/locales`: a test holds this
to Unicode's tables. Codes, years and what is being compared stay as they are.
"""


def grouped(number: int) -> str:
    return f"{number:,}"


def yuan(fen: int) -> str:
    """As bills and slips write it: 1,012.50, 400.00."""
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{grouped(whole)}.{cents:02}"


def yuan_in_words(fen: int) -> str:
    """As sentences say it, without fen where there are none: 1,012.50, 400."""
    return yuan(fen).removesuffix(".00")
