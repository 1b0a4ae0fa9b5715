"""Small tables made by hand for questions: a ward, flights, a school, a shop of lines; with what their columns hold."""

from __future__ import annotations

from datetime import date

from lakebook.query.domain import Domain, Relationship
from lakebook.query.parse.question import understand
from lakebook.query.reading import Declined, Reading
from lakebook.query.tables import Column, Table
from lakebook.query.wording import wording

VALUES = {
    "diagnosis": ("asthma", "fracture", "migraine", "burn"), "ward_name": ("Cardiology", "Surgery", "Maternity"),
    "sex": ("female", "male"), "city": ("Bergen", "Turin", "Zagreb"), "carrier": ("Northwind", "Alpine Air"),
    "cancelled": ("no", "yes"), "class": ("7A", "7B", "8A"), "course_title": ("Algebra", "Biology", "Latin"),
    "country": ("France", "Germany", "United Kingdom"), "channel": ("web", "shop", "phone call"),
    "product": ("blue lamp", "red lamp", "oak table"),
    "first_name": ("Mona", "Ravi", "Tess", "Owen"), "last_name": ("Lindqvist", "Okafor", "Marsh", "Baptiste"),
    "full_name": ("Ada Brandt", "Ugo Holm", "Ida Dahl"), "student_name": ("Ada Abel", "Ugo Jansen"),
}  # fmt: skip


def made(name: str, rows: int, described: str) -> Table:
    """A table whose columns are `name TYPE different-values`."""
    columns = []
    for each in described.split(", "):
        column, kind, unique = each.split(" ")
        known = VALUES.get(column, ())
        span = (date(2022, 1, 1), date(2024, 12, 9)) if kind in ("DATE", "TIMESTAMP") else (None, None)
        columns.append(
            Column(column, kind, unique_count=int(unique), min=span[0], max=span[1], top_values=tuple(known))
        )
    return Table(name, "bronze", name, 1, rows, (), tuple(columns))


WARDS = made("wards", 7, "ward_id BIGINT 7, ward_name VARCHAR 7, floor BIGINT 5, beds BIGINT 7")
PATIENTS = made(
    "patients", 160, "patient_id BIGINT 160, full_name VARCHAR 160, sex VARCHAR 2, birth_date DATE 150, city VARCHAR 6"
)
VISITS = made(
    "visits", 600,
    "visit_id BIGINT 600, patient_id BIGINT 146, ward_id BIGINT 6, admitted_on DATE 469, discharged_on DATE 459, "
    "diagnosis VARCHAR 8, cost DECIMAL(18,2) 575",
)  # fmt: skip
HOSPITAL = Domain(
    (WARDS, PATIENTS, VISITS),
    (
        Relationship(VISITS, ("patient_id",), PATIENTS, ("patient_id",)),
        Relationship(VISITS, ("ward_id",), WARDS, ("ward_id",)),
    ),
    keys={"bronze.wards": ("ward_id",), "bronze.patients": ("patient_id",), "bronze.visits": ("visit_id",)},
)
FLIGHTS = Domain((
    made(
        "flights", 1500,
        "flight_id BIGINT 1500, carrier VARCHAR 4, departed_at TIMESTAMP 1494, delay_minutes BIGINT 94, "
        "distance_km BIGINT 1152, passengers BIGINT 161, cancelled VARCHAR 2",
    ),
))  # fmt: skip
SHOP = Domain((
    made(
        "orders", 5000,
        "order_id BIGINT 900, customer_id BIGINT 300, product VARCHAR 3, country VARCHAR 3, channel VARCHAR 3, "
        "quantity INTEGER 50, unit_price DECIMAL(18,2) 90, weight_kg DOUBLE 400, order_date DATE 300",
    ),
))  # fmt: skip


STAFF = made("staff", 4, "staff_id BIGINT 4, first_name VARCHAR 4, last_name VARCHAR 4, reports_to BIGINT 2")
OFFICE = Domain(
    (STAFF,), (Relationship(STAFF, ("reports_to",), STAFF, ("staff_id",)),), keys={"bronze.staff": ("staff_id",)}
)


def read(question: str, domain: Domain) -> Reading | Declined:
    """The reading of a question, or why there is none."""
    return understand(question, domain)


def said(question: str, domain: Domain) -> str:
    """The reading in words; of a declined question its reason."""
    understood = read(question, domain)
    return wording(understood) if isinstance(understood, Reading) else f"declined: {understood.reason}"
