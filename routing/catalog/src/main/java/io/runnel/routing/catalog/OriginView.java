package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;

import java.util.Map;

/**
 * All that one origin tells. Never changed once it is in a catalog.
 *
 * @param notUnderstood how many records of the log could not be understood here and were left out
 */
record OriginView(
        Position position,
        Map<AccountId, AccountView> accounts,
        Map<String, Stamped<KeyRecord>> keys,
        long notUnderstood) {

    static OriginView start(String log) {
        return new OriginView(Position.start(log), Map.of(), Map.of(), 0);
    }
}
