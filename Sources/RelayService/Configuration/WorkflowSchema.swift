/// The JSON Schema of workflow documents, for editors; `config/schema/workflow.schema.json` holds the same, which a
/// test compares. The relay itself judges a document by reading it, and says more.
package enum WorkflowSchema {
  package static let text = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:petrel:schema:workflow",
      "title": "Petrel workflow",
      "type": "object",
      "properties": {
        "$schema": {"type": "string"},
        "name": {"$ref": "#/$defs/name"},
        "on": {
          "type": "object",
          "properties": {
            "hook": {"$ref": "#/$defs/name"},
            "if": {"$ref": "#/$defs/expression"},
            "priority": {"type": "integer", "minimum": 0, "maximum": 9},
            "order": {"$ref": "#/$defs/expression"},
            "debounce": {
              "type": "object",
              "properties": {
                "key": {"$ref": "#/$defs/expression"},
                "for": {"$ref": "#/$defs/duration"},
                "max": {"$ref": "#/$defs/duration"}
              },
              "additionalProperties": false,
              "required": ["for"]
            },
            "throttle": {
              "type": "object",
              "properties": {
                "key": {"$ref": "#/$defs/expression"},
                "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
                "per": {"$ref": "#/$defs/duration"}
              },
              "additionalProperties": false,
              "required": ["limit", "per"]
            }
          },
          "additionalProperties": false,
          "required": ["hook"]
        },
        "retry": {"$ref": "#/$defs/retry"},
        "concurrency": {
          "type": "object",
          "properties": {
            "key": {"$ref": "#/$defs/expression"},
            "limit": {"type": "integer", "minimum": 1, "maximum": 1000}
          },
          "additionalProperties": false,
          "required": ["limit"]
        },
        "steps": {
          "type": "array",
          "minItems": 1,
          "maxItems": 1000,
          "items": {"$ref": "#/$defs/step"}
        },
        "onFailure": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/$defs/step"}}
      },
      "additionalProperties": false,
      "required": ["name", "steps"],
      "$defs": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"},
        "duration": {"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"},
        "secret": {
          "type": "string",
          "pattern": "^(env|file|vault|plain):.+$",
          "description": "Where the secret lies: env:NAME, file:PATH or vault:NAME."
        },
        "expression": {"type": "string", "minLength": 1, "description": "CEL."},
        "text": {"type": "string", "description": "May hold expressions in {{ }}."},
        "retry": {
          "type": "object",
          "properties": {
            "initial": {"$ref": "#/$defs/duration"},
            "factor": {"type": "number", "minimum": 1, "maximum": 100},
            "max": {"$ref": "#/$defs/duration"},
            "jitter": {"enum": ["full", "none"]},
            "for": {"$ref": "#/$defs/duration"},
            "attempts": {
              "type": "integer",
              "minimum": 1,
              "maximum": 1000000
            }
          },
          "additionalProperties": false
        },
        "headers": {
          "type": "object",
          "additionalProperties": {"type": ["string", "number", "boolean"]}
        },
        "step": {
          "type": "object",
          "required": ["id"],
          "additionalProperties": false,
          "properties": {
            "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"},
            "name": {"type": "string"},
            "if": {"$ref": "#/$defs/expression"},
            "retry": {"$ref": "#/$defs/retry"},
            "timeout": {"$ref": "#/$defs/duration"},
            "continueOnError": {"type": "boolean"},
            "set": {"type": "object"},
            "map": {"$ref": "#/$defs/map"},
            "http": {"$ref": "#/$defs/http"},
            "forward": {"$ref": "#/$defs/forward"},
            "wait": {"$ref": "#/$defs/wait"},
            "switch": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/branch"}},
            "forEach": {"$ref": "#/$defs/loop"},
            "parallel": {"$ref": "#/$defs/branches"},
            "run": {"$ref": "#/$defs/run"},
            "respond": {"$ref": "#/$defs/respond"},
            "code": {"$ref": "#/$defs/code"},
            "stop": {"$ref": "#/$defs/ending"},
            "fail": {"$ref": "#/$defs/ending"}
          },
          "oneOf": [
            {"required": ["set"]},
            {"required": ["map"]},
            {"required": ["http"]},
            {"required": ["forward"]},
            {"required": ["wait"]},
            {"required": ["switch"]},
            {"required": ["forEach"]},
            {"required": ["parallel"]},
            {"required": ["run"]},
            {"required": ["respond"]},
            {"required": ["code"]},
            {"required": ["stop"]},
            {"required": ["fail"]}
          ]
        },
        "code": {
          "anyOf": [
            {"type": "string", "description": "Lua 5.4."},
            {
              "type": "object",
              "required": ["lua"],
              "additionalProperties": false,
              "properties": {
                "lua": {"type": "string", "description": "Lua 5.4, taken as it is."},
                "with": {"type": "object", "description": "What the script sees as `with`."},
                "memory": {"type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$"}
              }
            }
          ]
        },
        "wait": {
          "anyOf": [
            {"$ref": "#/$defs/text"},
            {
              "type": "object",
              "required": ["until"],
              "additionalProperties": false,
              "properties": {"until": {"type": ["string", "integer"]}}
            },
            {
              "type": "object",
              "required": ["event"],
              "additionalProperties": false,
              "properties": {
                "event": {
                  "type": "object",
                  "required": ["hook", "key", "equals"],
                  "additionalProperties": false,
                  "properties": {
                    "hook": {"$ref": "#/$defs/name"},
                    "key": {"$ref": "#/$defs/expression"},
                    "equals": {"$ref": "#/$defs/expression"},
                    "if": {"$ref": "#/$defs/expression"}
                  }
                },
                "timeout": {"$ref": "#/$defs/duration"}
              }
            },
            {
              "type": "object",
              "required": ["approval"],
              "additionalProperties": false,
              "properties": {
                "approval": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "title": {"$ref": "#/$defs/text"},
                    "message": {"$ref": "#/$defs/text"}
                  }
                },
                "timeout": {"$ref": "#/$defs/duration"}
              }
            }
          ]
        },
        "branch": {
          "type": "object",
          "required": ["steps"],
          "additionalProperties": false,
          "properties": {
            "if": {"type": "string"},
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}}
          }
        },
        "branches": {
          "type": "object",
          "minProperties": 1,
          "maxProperties": 256,
          "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_-]{0,63}$"},
          "additionalProperties": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}}
        },
        "loop": {
          "type": "object",
          "required": ["in", "steps"],
          "additionalProperties": false,
          "properties": {
            "in": {"type": "string"},
            "as": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$"},
            "concurrency": {"type": "integer", "minimum": 1, "maximum": 1000},
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}}
          }
        },
        "map": {
          "type": "array",
          "minItems": 1,
          "maxItems": 1000,
          "items": {
            "type": "object",
            "properties": {
              "to": {"type": "string", "minLength": 1},
              "from": {"$ref": "#/$defs/expression"},
              "value": {},
              "transforms": {"type": "array", "items": {"type": ["string", "object"]}},
              "default": {},
              "required": {"type": "boolean"},
              "onError": {"enum": ["fail", "null", "default", "skip"]}
            },
            "additionalProperties": false,
            "required": ["to"],
            "oneOf": [{"required": ["from"]}, {"required": ["value"]}]
          }
        },
        "http": {
          "type": "object",
          "properties": {
            "method": {"type": "string"},
            "url": {"$ref": "#/$defs/text"},
            "query": {"type": "object"},
            "headers": {"$ref": "#/$defs/headers"},
            "json": {},
            "form": {"type": "object"},
            "multipart": {"type": "object"},
            "text": {"$ref": "#/$defs/text"},
            "body": {"$ref": "#/$defs/text"},
            "auth": {"$ref": "#/$defs/auth"},
            "expect": {"$ref": "#/$defs/expression"},
            "follow": {"type": "boolean"}
          },
          "additionalProperties": false,
          "required": ["url"]
        },
        "forward": {
          "type": "object",
          "properties": {
            "url": {"$ref": "#/$defs/text"},
            "headers": {"$ref": "#/$defs/headers"},
            "sign": {
              "type": "object",
              "required": ["secret"],
              "properties": {
                "provider": {"type": "string"},
                "secret": {"$ref": "#/$defs/secret"}
              }
            }
          },
          "additionalProperties": false,
          "required": ["url"]
        },
        "run": {
          "type": "object",
          "required": ["workflow"],
          "additionalProperties": false,
          "properties": {"workflow": {"$ref": "#/$defs/name"}, "with": {}}
        },
        "respond": {
          "type": "object",
          "properties": {
            "status": {"type": ["integer", "string"]},
            "headers": {"$ref": "#/$defs/headers"},
            "json": {},
            "text": {"$ref": "#/$defs/text"},
            "body": {"$ref": "#/$defs/text"}
          },
          "additionalProperties": false
        },
        "auth": {
          "type": "object",
          "minProperties": 1,
          "maxProperties": 1,
          "additionalProperties": false,
          "properties": {
            "bearer": {"$ref": "#/$defs/secret"},
            "basic": {
              "type": "object",
              "properties": {
                "username": {"type": "string"},
                "password": {"$ref": "#/$defs/secret"}
              },
              "additionalProperties": false,
              "required": ["username", "password"]
            },
            "header": {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "value": {"$ref": "#/$defs/secret"}
              },
              "additionalProperties": false,
              "required": ["name", "value"]
            },
            "query": {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "value": {"$ref": "#/$defs/secret"}
              },
              "additionalProperties": false,
              "required": ["name", "value"]
            }
          }
        },
        "ending": {
          "anyOf": [
            {"$ref": "#/$defs/text"},
            {
              "type": "object",
              "properties": {"message": {"$ref": "#/$defs/text"}},
              "additionalProperties": false
            }
          ]
        }
      }
    }
    """#
}
