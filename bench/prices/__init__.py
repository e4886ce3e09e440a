"""Operations with a declared cost, written or drawn, and the time of their answers."""
