"""The API describes itself, wholly and truly."""

from typing import Any

from service.domain.facts import Bound, Fact, Kind, Party, Status
from tests.web.serving import Site


async def description(site: Site) -> dict[str, Any]:
    answer = await site.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json()
    return described


def has_example(content: dict[str, Any], described: dict[str, Any]) -> bool:
    """Of its own, or one for each of its fields."""
    if "example" in content or "examples" in content:
        return True
    names = {
        part["$ref"].rpartition("/")[2]
        for part in content["schema"].get("anyOf", [content["schema"]])
        if "$ref" in part
    }
    (shape,) = [described["components"]["schemas"][name] for name in names]
    return any("examples" in field or "$ref" in field.get("items", {}) for field in shape["properties"].values())


async def test_every_address_parameter_and_shape_is_explained(site: Site) -> None:
    described = await description(site)
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            assert route["description"], (method, path)
            assert list(route["responses"]["default"]["content"]) == ["application/problem+json"], (method, path)
            for content in route.get("requestBody", {}).get("content", {}).values():
                assert has_example(content, described), (method, path)
            for parameter in route.get("parameters", []):
                told = parameter.get("description") or parameter["schema"].get("description")
                assert parameter["in"] == "path" or told, (method, path, parameter)
    for name, shape in described["components"]["schemas"].items():
        assert shape.get("description") or name in {"Alive", "Ready"}, name


async def test_pages_are_no_part_of_it(site: Site) -> None:
    paths = set((await description(site))["paths"])
    assert {"/api/v1/mentions", "/api/v1/articles/{identity}", "/healthz", "/readyz"} <= paths
    assert not paths & {"/", "/sources", "/articles/{identity}", "/static/{name}"}


async def test_what_is_answered_has_no_field_that_is_not_described(site: Site) -> None:
    fact = Fact(Kind.LEASE, Status.AGREED, (Party("HPE", tracked=True),), "HPE leases a hall.", 1e9, "USD", Bound.MIN)
    await site.desk.track("HPE")
    await site.desk.add_channel("desk", url="https://hooks.example.org/in")
    await site.desk.alert("everything", await site.desk.publish(names={"HPE": ["HPE"]}, facts=[fact]), "desk")
    shapes = (await description(site))["components"]["schemas"]
    for noun, shape in {
        "mentions": "Mention",
        "articles": "Article",
        "facts": "Fact",
        "alerts": "Alert",
        "deliveries": "Delivery",
        "sources": "Source",
    }.items():
        (line,) = (await site.get(f"/api/v1/{noun}")).json()["items"]
        assert line.keys() == shapes[shape]["properties"].keys(), noun


async def test_its_examples_of_the_watch_list_are_taken(site: Site) -> None:
    """What a reader copies from it works: each thing is put under the name that its example has, and changed."""
    paths = (await description(site))["paths"]
    for path, methods in paths.items():
        if not path.endswith("/{name}") or not {"put", "patch"} <= set(methods):
            continue
        (put,), (patch,) = (
            methods[method]["requestBody"]["content"]["application/json"]["examples"].values()
            for method in ("put", "patch")
        )
        here = path.replace("{name}", put["value"]["name"])
        answer = await site.client.put(here, json=put["value"])
        assert (answer.status_code, len(answer.json()["added"])) == (200, 1), answer.text
        answer = await site.client.patch(here, json=patch["value"])
        assert (answer.status_code, len(answer.json()["changed"])) == (200, 1), answer.text
