package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.vertx.core.http.HttpServerRequest;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One request, understood as far as all requests are.
 *
 * @param arrival how it came
 * @param values what stands for the route's names in braces
 * @param caller whose key proved it
 * @param keyId that key
 * @param admin whether the caller is an administrator
 * @param account what it is about: the path's account, else the one asked for by {@code ?account=},
 *     else the caller's
 * @param catalog the snapshot of the moment in which it came
 * @param body what it brought, if the route takes JSON
 * @param memory what to do about its Idempotency-Key
 * @param conditions headers, by their names, that count in place of those that came
 */
record Call(
        Arrival arrival,
        Map<String, String> values,
        AccountId caller,
        String keyId,
        boolean admin,
        AccountId account,
        Catalog catalog,
        JsonBody body,
        Optional<RequestMemory> memory,
        Map<String, String> conditions) {

    /** The key under which an answer is kept, and what request it is for. */
    record RequestMemory(String requestKey, String fingerprint) {}

    Call with(JsonBody read, Optional<RequestMemory> remembered) {
        return new Call(
                arrival,
                values,
                caller,
                keyId,
                admin,
                account,
                catalog,
                read,
                remembered,
                conditions);
    }

    /** The same of something else, with another body and another condition. */
    Call about(Map<String, String> other, JsonBody read, Map<String, String> condition) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(other);
        return new Call(
                arrival, all, caller, keyId, admin, account, catalog, read, memory, condition);
    }

    /** The same, with what it brought. */
    Call with(Path file) {
        return new Call(
                arrival.with(file),
                values,
                caller,
                keyId,
                admin,
                account,
                catalog,
                body,
                memory,
                conditions);
    }

    Exchange exchange() {
        return arrival.exchange();
    }

    HttpServerRequest request() {
        return exchange().request();
    }

    /** The task that the path names. */
    TaskRef task() {
        String name = values.get("task");
        if (!TaskName.isValid(name)) {
            throw new RefusedException(ErrorCode.TASK_NOT_FOUND);
        }
        return new TaskRef(account, new TaskName(name));
    }

    /** The API that the path names. */
    TaskRef api() {
        String name = values.get("api");
        if (!TaskName.isValid(name)) {
            throw new RefusedException(ControlError.API_NOT_FOUND);
        }
        return new TaskRef(account, new TaskName(name));
    }

    /** The version that the path names. */
    int version() {
        String text = values.get("version");
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new RefusedException(ControlError.VERSION_NOT_FOUND);
        }
        return Integer.parseInt(text);
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(request().getParam(name));
    }

    /** A whole number of the query, from {@code least} to {@code most}. */
    long number(String name, long least, long most, long otherwise) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        boolean wellFormed = text.get().matches("[0-9]{1,18}");
        long value = wellFormed ? Long.parseLong(text.get()) : -1;
        if (value < least || value > most) {
            throw RefusedException.invalid(name, "must be %d to %d".formatted(least, most));
        }
        return value;
    }

    boolean flag(String name) {
        return query(name)
                .map(
                        text ->
                                switch (text) {
                                    case "true", "1", "" -> true;
                                    case "false", "0" -> false;
                                    default ->
                                            throw RefusedException.invalid(
                                                    name, "must be true or false");
                                })
                .orElse(false);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(conditions.get(name))
                .or(() -> Optional.ofNullable(request().getHeader(name)));
    }
}
