"""MiniStack, put right where it answers otherwise than AWS does: the product is not bent to an emulator.

Each correction is one function, whose first line is printed when the emulator starts. Made for the version of
MiniStack that python.ts pins; an attribute that another version lacks ends it with a traceback.
"""

import functools
import json
import re
import string
import uuid

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

LEADING_KEYS = "dynamodb:LeadingKeys"


def secret_references():
    """Ref of a Secrets Manager secret gave its name; AWS gives its ARN."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def name_of(arn):
        return re.sub(r"-[^-]*$", "", arn.split(":secret:")[-1])

    def created(*arguments):
        _, attributes = create(*arguments)
        return attributes["Arn"], attributes

    def updated(physical_id, *arguments):
        _, attributes = update(name_of(physical_id), *arguments)
        return attributes["Arn"], attributes

    def deleted(physical_id, properties):
        return delete(name_of(physical_id), properties)

    handlers.update(create=created, update=updated, delete=deleted)


def secret_punctuation():
    """ExcludePunctuation of a generated secret was not heeded."""
    original = provisioners._sm_secret_string

    def generated(properties):
        generate = properties.get("GenerateSecretString")
        if generate and str(generate.get("ExcludePunctuation")).lower() == "true":
            generate = {**generate, "ExcludeCharacters": string.punctuation}
            properties = {**properties, "GenerateSecretString": generate}
        return original(properties)

    provisioners._sm_secret_string = generated


def absent_path_parameters():
    """An HTTP API's event without path parameters had them as null; AWS leaves the member out."""
    execute = lambda_svc._execute_function_with_config_scope

    def executed(function, event):
        if isinstance(event, dict) and event.get("version") == "2.0" and event.get("pathParameters") is None:
            event = {name: value for name, value in event.items() if name != "pathParameters"}
        return execute(function, event)

    lambda_svc._execute_function_with_config_scope = executed


def leading_keys():
    """Conditions on dynamodb:LeadingKeys were always met; now they are judged, in a transaction for each item and for each action."""
    context = iam_actions.dynamodb_service_context
    checks = iam_actions.dynamodb_transaction_checks
    enforce = iam_evaluator.enforce

    def in_context(body):
        keys = request_keys(json.loads(body or b"{}"))
        return {**context(body), **({LEADING_KEYS: keys} if keys else {})}

    def with_keys(action, body, *arguments):
        items = json.loads(body or b"{}").get("TransactItems") or []
        details = [detail for item in items for detail in item.values()]
        found = [
            (name, arn, request_keys(detail))
            for (name, arn), detail in zip(checks(action, body, *arguments), details, strict=True)
        ]
        # AWS documents neither reading, so both have to pass.
        return [(ItemAction(name, keys), arn) for name, arn, keys in found] + [
            (ItemAction(name, [key for other, _, keys in found if other == name for key in keys]), arn)
            for name, arn, _ in found
        ]

    @functools.wraps(enforce)
    def enforced(access_key, action, *arguments, service_context=None, **named):
        if isinstance(action, ItemAction):
            service_context = {**(service_context or {}), LEADING_KEYS: action.keys}
        return enforce(access_key, action, *arguments, service_context=service_context, **named)

    iam_actions.dynamodb_service_context = in_context
    iam_actions.dynamodb_transaction_checks = with_keys
    iam_evaluator.enforce = enforced


class ItemAction(str):
    """The action on one item of a transaction, with the item's partition key."""

    def __new__(cls, name, keys):
        action = super().__new__(cls, name)
        action.keys = keys
        return action


def request_keys(request):
    """Partition keys that a request names; the table's is `pk`, and a query begins with its index's."""
    keys = [request.get("Key"), request.get("Item")]
    for batch in (request.get("RequestItems") or {}).values():
        keys += batch["Keys"] if isinstance(batch, dict) else []
    found = [key["pk"] for key in keys if key]
    queried = re.match(r"\s*#?\w+\s*=\s*(:\w+)", request.get("KeyConditionExpression") or "")
    if queried:
        found.append(request["ExpressionAttributeValues"][queried[1]])
    return [value for attribute in found for value in attribute.values()]


def event_sources():
    """Conditions on events:source were never met; now they are judged."""
    context = iam_actions.request_tag_context

    def with_sources(service, action, body, *arguments):
        found = context(service, action, body, *arguments)
        if action != "events:PutEvents":
            return found
        sources = {entry.get("Source") for entry in json.loads(body or b"{}").get("Entries") or []}
        return {**found, "events:source": sorted(sources)}

    iam_actions.request_tag_context = with_sources


def unknown_types():
    """AWS::Logs::QueryDefinition was rejected; now it is taken as made, and its content is not judged here."""
    provisioners._RESOURCE_HANDLERS["AWS::Logs::QueryDefinition"] = {
        "create": lambda *_: (str(uuid.uuid4()), {}),
        "update": lambda physical_id, *_: (physical_id, {}),
        "delete": lambda *_: None,
    }


def table_updates():
    """An update of an AWS::DynamoDB::GlobalTable took its name for another one, and left the table behind."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::GlobalTable"]
    update = handlers["update"]

    def updated(physical_id, before, after, *arguments):
        named = {"TableName": physical_id}
        return update(physical_id, {**before, **named}, {**after, **named}, *arguments)

    handlers["update"] = updated


def metric_math_alarms():
    """AWS::CloudWatch::Alarm with an expression was rejected; now a plain alarm is made in its place."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]

    def plain(properties):
        if "Metrics" not in properties:
            return properties
        kept = {name: value for name, value in properties.items() if name != "Metrics"}
        return {**kept, "MetricName": "Expression", "Namespace": "Emulated", "Statistic": "Sum", "Period": 60}

    def planed(handler):
        return lambda *arguments: handler(*[plain(a) if isinstance(a, dict) else a for a in arguments])

    handlers.update({name: planed(handler) for name, handler in handlers.items() if callable(handler)})


if __name__ == "__main__":
    corrections = [
        secret_references,
        secret_punctuation,
        absent_path_parameters,
        leading_keys,
        event_sources,
        unknown_types,
        table_updates,
        metric_math_alarms,
    ]
    for correct in corrections:
        correct()
        print("corrected:", correct.__doc__, flush=True)
    app.main()
