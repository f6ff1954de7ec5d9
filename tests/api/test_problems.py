"""What the API says to those who ask wrongly."""

import pytest

from tests.web.serving import Site

# path under /api/v1, status, what the detail must say
WRONG = [
    ("mentions?q=HPE+or+Dell", 400, "at character 5: 'or' in small letters is not an operator; write OR"),
    (
        "mentions?since=yesterday",
        400,
        "since 'yesterday': write a time such as 2026-11-22T08:00:00Z, or 2h, 7d",
    ),
    ("mentions?cursor=made+up", 400, "cursor: take it from the previous page of the same listing, unchanged"),
    ("mentions?limit=501", 400, "limit: Input should be less than or equal to 500"),
    ("mentions?limit=many", 400, "limit: Input should be a valid integer"),
    ("mentions?entity=a%00b", 400, "entity: holds a NUL character; leave it out"),
    ("mentions?entitty=HPE", 400, "unknown parameter 'entitty'; this listing takes q, entity, source,"),
    ("articles?rule=x", 400, "unknown parameter 'rule'"),
    ("deliveries?status=lost", 400, "status: Input should be 'pending', 'sent', 'retrying', 'dead' or"),
    ("articles/7", 404, "no article has the id '7'; take an id from /api/v1/articles"),
    ("deliveries/dlv_0", 404, "no delivery has the id 'dlv_0'"),
    ("deliveries/a%00", 404, "no delivery has the id"),
    ("sources/9", 404, "no source has the id '9'"),
    ("sources/99999999999999999999", 400, "less than or equal to 9223372036854775807"),
    ("nothing", 404, "there is nothing at this address; /api/v1/openapi.json lists what there is"),
]


async def test_what_is_no_json_is_told_with_its_place(site: Site) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await site.client.post("/api/v1/silences", content=b'{"for": 1h}', headers=headers)
    assert (answer.status_code, answer.json()["places"]) == (400, ["body"])
    assert answer.json()["detail"] == "the body is no JSON: Expecting ',' delimiter, at character 9"


async def test_problems_say_what_to_change(site: Site) -> None:
    for path, status, detail in WRONG:
        answer = await site.get(f"/api/v1/{path}")
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", path
        assert detail in problem["detail"], path
        assert problem["status"] == answer.status_code == status, path
        assert problem["title"] in {"Bad Request", "Not Found"}, path
        assert problem["type"] == "about:blank"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_what_can_only_be_read(site: Site, method: str) -> None:
    answer = await site.client.request(method, "/api/v1/mentions")
    assert answer.status_code == 405
    assert answer.json()["detail"] == "this address cannot be asked that way; `Allow` lists how it can"
    assert answer.headers["allow"] == "GET"
