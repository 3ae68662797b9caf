/* The CONFIG frame: limits, and the environment that the function's process gets. */
#include "agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config config = {.kind = "on-demand", .most_response_bytes = 6 * 1024 * 1024 + 100};

static void add(const char *name, const char *value) {
    if (config.count >= MAX_VARIABLES) {
        die("more than %d variables", MAX_VARIABLES);
    }
    size_t length = strlen(name) + strlen(value) + 2;
    char *variable = malloc(length);
    if (!variable) {
        die("no memory for the environment");
    }
    snprintf(variable, length, "%s=%s", name, value);
    config.variables[config.count++] = variable;
}

static bool has(const char *name) {
    size_t length = strlen(name);
    for (size_t i = 0; i < config.count; i++) {
        if (strncmp(config.variables[i], name, length) == 0 && config.variables[i][length] == '=') {
            return true;
        }
    }
    return false;
}

static void environment(struct json *json) {
    static char name[1024];
    static char value[MAX_PAYLOAD];
    json_enter(json);
    while (json_key(json, name, sizeof name)) {
        json_string(json, value, sizeof value);
        if (name[0] == '\0' || strchr(name, '=')) {
            die("'%.80s' is no variable's name", name);
        }
        add(name, value);
    }
}

void config_read(const void *bytes, size_t length) {
    struct json json;
    char key[64];
    int seen = 0;
    json_open(&json, "CONFIG", bytes, length);
    while (json_key(&json, key, sizeof key)) {
        if (strcmp(key, "environment") == 0) {
            environment(&json);
        } else if (strcmp(key, "handler") == 0) {
            json_string(&json, config.handler, sizeof config.handler);
        } else if (strcmp(key, "memoryMiB") == 0) {
            config.memory_mib = json_number(&json, 1, 1 << 24);
        } else if (strcmp(key, "tmpMiB") == 0) {
            config.tmp_mib = json_number(&json, 1, 1 << 20);
        } else if (strcmp(key, "functionName") == 0) {
            json_string(&json, config.name, sizeof config.name);
        } else if (strcmp(key, "functionVersion") == 0) {
            json_string(&json, config.version, sizeof config.version);
        } else if (strcmp(key, "initializationType") == 0) {
            json_string(&json, config.kind, sizeof config.kind);
        } else if (strcmp(key, "mostResponseBytes") == 0) {
            config.most_response_bytes = json_number(&json, 0, (int64_t)1 << 40);
        } else {
            int told = wake_key(&json, key);
            if (!told) {
                json_unknown(&json, key);
            }
            seen |= told;
        }
    }
    json_close(&json);
    if (seen != WAKE_BOTH) {
        wake_missing("CONFIG");
    }
    if (!config.memory_mib || !config.tmp_mib) {
        die("broken CONFIG frame: no memoryMiB or tmpMiB");
    }
}

static void fallback(const char *name, const char *value) {
    if (!has(name)) {
        add(name, value);
    }
}

/* A name that is ours wins over the caller's. */
static void own(const char *name, const char *value) {
    size_t length = strlen(name);
    for (size_t i = 0; i < config.count; i++) {
        if (strncmp(config.variables[i], name, length) == 0 && config.variables[i][length] == '=') {
            free(config.variables[i]);
            config.variables[i] = config.variables[--config.count];
            break;
        }
    }
    add(name, value);
}

/* Lambda's own variables, as its documents name them. */
void config_finish(const char *task_root, int api_port) {
    char text[1200];
    fallback("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin");
    snprintf(text, sizeof text, "%s:%s/lib:/opt/lib", task_root, task_root);
    fallback("LD_LIBRARY_PATH", text);
    fallback("TZ", ":UTC");
    fallback("LANG", "C.UTF-8");
    fallback("HOME", "/tmp");
    fallback("AWS_LAMBDA_LOG_STREAM_NAME", "runnel");
    snprintf(text, sizeof text, "/aws/lambda/%s", config.name);
    fallback("AWS_LAMBDA_LOG_GROUP_NAME", text);
    own("LAMBDA_TASK_ROOT", task_root);
    own("LAMBDA_RUNTIME_DIR", "/var/runtime");
    own("_HANDLER", config.handler);
    own("AWS_LAMBDA_FUNCTION_NAME", config.name);
    own("AWS_LAMBDA_FUNCTION_VERSION", config.version);
    own("AWS_LAMBDA_INITIALIZATION_TYPE", config.kind);
    snprintf(text, sizeof text, "%lld", (long long)config.memory_mib);
    own("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", text);
    snprintf(text, sizeof text, "127.0.0.1:%d", api_port);
    own("AWS_LAMBDA_RUNTIME_API", text);
    config.variables[config.count] = NULL;
}
