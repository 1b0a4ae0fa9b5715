"""Adjectives and other names of countries, as data may spell them."""

from __future__ import annotations

NATIONALITIES: dict[str, tuple[str, ...]] = {
    "german": ("Germany",), "french": ("France",), "british": ("United Kingdom", "UK", "Great Britain"),
    "english": ("England",), "dutch": ("Netherlands",), "irish": ("Ireland", "EIRE"), "spanish": ("Spain",),
    "italian": ("Italy",), "portuguese": ("Portugal",), "belgian": ("Belgium",), "swiss": ("Switzerland",),
    "austrian": ("Austria",), "norwegian": ("Norway",), "swedish": ("Sweden",), "danish": ("Denmark",),
    "finnish": ("Finland",), "icelandic": ("Iceland",), "polish": ("Poland",), "czech": ("Czech Republic", "Czechia"),
    "hungarian": ("Hungary",), "greek": ("Greece",), "turkish": ("Turkey",), "russian": ("Russia",),
    "american": ("USA", "United States", "US"), "canadian": ("Canada",), "brazilian": ("Brazil",),
    "argentinian": ("Argentina",), "argentine": ("Argentina",), "chilean": ("Chile",), "mexican": ("Mexico",),
    "australian": ("Australia",), "japanese": ("Japan",), "chinese": ("China",), "indian": ("India",),
    "israeli": ("Israel",), "lebanese": ("Lebanon",), "maltese": ("Malta",), "cypriot": ("Cyprus",),
    "lithuanian": ("Lithuania",), "scottish": ("Scotland",), "welsh": ("Wales",), "korean": ("South Korea", "Korea"),
    "singaporean": ("Singapore",), "bahraini": ("Bahrain",), "ukrainian": ("Ukraine",), "romanian": ("Romania",),
    "bulgarian": ("Bulgaria",), "croatian": ("Croatia",), "peruvian": ("Peru",), "colombian": ("Colombia",),
    "egyptian": ("Egypt",), "saudi": ("Saudi Arabia",),
}  # fmt: skip
OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "uk": ("United Kingdom",), "u.k.": ("United Kingdom",), "britain": ("United Kingdom",),
    "great britain": ("United Kingdom",), "us": ("USA", "United States"), "usa": ("USA", "United States"),
    "u.s.": ("USA", "United States"), "united states": ("USA",), "america": ("USA", "United States"),
    "states": ("USA",), "holland": ("Netherlands",), "ireland": ("EIRE", "Ireland"),
    "south africa": ("RSA", "South Africa"), "emirates": ("United Arab Emirates",), "the states": ("USA",),
    "czechia": ("Czech Republic",), "uae": ("United Arab Emirates",), "men": ("male", "M"), "women": ("female", "F"),
    "males": ("male",), "females": ("female",), "man": ("male",), "woman": ("female",), "boys": ("male", "M"),
    "girls": ("female", "F"),
}  # fmt: skip
DAYS_OF: dict[str, tuple[str, ...]] = {
    "rainy": ("rain",), "sunny": ("sun",), "foggy": ("fog",), "snowy": ("snow",), "snowed": ("snow",),
        "snows": ("snow",), "drizzly": ("drizzle",),
    "cloudy": ("cloud", "clouds"),
}  # fmt: skip
