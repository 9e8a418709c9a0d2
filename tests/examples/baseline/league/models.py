"""The tables."""

from sqlalchemy import Column, Date, ForeignKey, Integer, Text
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Game(Base):
    __tablename__ = "games"

    id = Column(Integer, primary_key=True)
    played_on = Column(Date, nullable=False)
    home = Column(Text, nullable=False)


class Play(Base):
    __tablename__ = "plays"

    id = Column(Integer, primary_key=True)
    game_id = Column(ForeignKey("games.id"), nullable=False)
    points = Column(Integer, nullable=False)
