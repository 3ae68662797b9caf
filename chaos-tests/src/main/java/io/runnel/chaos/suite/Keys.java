package io.runnel.chaos.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.exec.task.AccountId;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keys of accounts that scenarios call with, made when they are first needed, with the operator's
 * key, and taken back in the end. One thread at a time.
 */
final class Keys implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CREATED = 201;
    private static final int EXISTS = 409;

    private final Operator operator;
    private final Map<AccountId, String> tokens = new HashMap<>();
    private final Map<AccountId, String> paths = new HashMap<>();

    Keys(Operator operator) {
        this.operator = operator;
    }

    /** A key of each, as bearer tokens. */
    Map<AccountId, String> of(Set<AccountId> accounts) {
        for (AccountId account : accounts) {
            if (!tokens.containsKey(account)) {
                make(account);
            }
        }
        return Map.copyOf(tokens);
    }

    private void make(AccountId account) {
        String name = JSON.createObjectNode().put("name", account.value()).toString();
        HttpResponse<String> made = operator.send("POST", "/v1/accounts", name);
        if (made.statusCode() != EXISTS) {
            require(made, "make account " + account);
        }
        HttpResponse<String> key =
                operator.send("POST", "/v1/accounts/%s/keys".formatted(account), "{}");
        require(key, "make a key of account " + account);
        try {
            JsonNode said = JSON.readTree(key.body());
            tokens.put(account, said.path("token").asText());
            paths.put(
                    account,
                    "/v1/accounts/%s/keys/%s".formatted(account, said.path("id").asText()));
        } catch (IOException e) {
            throw new NetworkException("no JSON: a key of account " + account, e);
        }
    }

    private static void require(HttpResponse<String> response, String what) {
        if (response.statusCode() != CREATED) {
            throw new NetworkException(
                    "cannot %s: %d %s".formatted(what, response.statusCode(), response.body()));
        }
    }

    @Override
    public void close() {
        paths.values().forEach(path -> operator.send("DELETE", path, ""));
        paths.clear();
        tokens.clear();
    }
}
