"""A minimal FastAPI app: it reads the body and answers a number."""

from __future__ import annotations

from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/predict")
async def predict(request: Request) -> dict[str, int]:
    await request.body()
    return {"digit": 7}
