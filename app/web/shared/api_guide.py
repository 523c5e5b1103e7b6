"""What /docs says before it lists the calls."""

from __future__ import annotations

# In this order.
TAGS = [
    {"name": "predict", "description": "Ask a network for a digit."},
    {
        "name": "corrections",
        "description": "What users say a drawing is. Only with `DESCENT_KEEP_DRAWINGS=yes`; a run can learn from them.",
    },
    {"name": "models", "description": "The networks that answer, and their versions."},
    {"name": "runs", "description": "Training runs: their settings, events, checkpoints and results."},
    {"name": "sweeps", "description": "Sets of runs that try settings."},
    {"name": "datasets", "description": "The images that a run can learn from."},
    {
        "name": "rooms",
        "description": "A class draws into one set, on phones, and trains on it.",
    },
    {"name": "admin", "description": "Train, publish and roll back. These calls need the admin token."},
    {"name": "open inference protocol", "description": "The same networks, for clients of Triton and KServe."},
    {"name": "health", "description": "For monitors and load balancers."},
    {"name": "lessons", "description": "The numbers that the lessons and the draw page show."},
]

GUIDE = """
curl:

```sh
curl -o seven.png http://127.0.0.1:8000/examples/7.png
curl -F image=@seven.png http://127.0.0.1:8000/predict
curl -H 'Content-Type: image/png' --data-binary @seven.png 'http://127.0.0.1:8000/predict?model=wide'
curl -H "Authorization: Bearer $TOKEN" --json '{"preset": "quick"}' http://127.0.0.1:8000/admin/runs
curl http://127.0.0.1:8000/runs
```

Python:

```python
import httpx
server = "http://127.0.0.1:8000"
picture = httpx.get(f"{server}/examples/7.png").content
answer = httpx.post(f"{server}/predict", files={"image": picture}).json()
print(answer["digit"], answer["confidence"])
```

JavaScript:

```js
const picture = await (await fetch("http://127.0.0.1:8000/examples/7.png")).blob();
const form = new FormData();
form.append("image", picture, "seven.png");
const answer = await fetch("http://127.0.0.1:8000/predict", { method: "POST", body: form });
console.log((await answer.json()).digit);
```

- An error is a problem document (RFC 9457), whose `detail` says what to change. `/v2` has the errors of its protocol.
- An unknown query parameter or body key is an error.
- HEAD works wherever GET does.
- `DESCENT_CORS_ORIGINS` lists the origins whose pages may use the open calls, which are all but `/login`, `/logout` and
  `/admin/…`.
- A client can be generated from [openapi.json](openapi.json).
"""
