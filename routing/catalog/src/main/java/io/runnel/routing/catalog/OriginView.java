package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;

/**
 * All that one origin tells. Never changed once it is in a catalog.
 *
 * @param notUnderstood how many records of the log could not be understood here and were left out
 */
record OriginView(
        Position position,
        SplitMap<AccountId, AccountView> accounts,
        SplitMap<String, Stamped<KeyRecord>> keys,
        long notUnderstood) {

    static OriginView start(String log) {
        return new OriginView(Position.start(log), SplitMap.empty(), SplitMap.empty(), 0);
    }
}
