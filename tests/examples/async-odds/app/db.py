"""The base class of all models."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
