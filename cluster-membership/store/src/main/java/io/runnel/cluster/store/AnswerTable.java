package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.time.Instant;
import java.util.Optional;

/** Answers given before, in their table. Each method is one step of its caller's transaction. */
final class AnswerTable {
    /** The most answers kept; the oldest go first. */
    static final int MOST_ANSWERS = 10_000;

    private final Database database;
    private final Retention retention;

    AnswerTable(Database database, Retention retention) {
        this.database = database;
        this.retention = retention;
    }

    void remember(GivenAnswer answer, Instant now) {
        forgetOld(now);
        int added =
                database.update(
                        "INSERT INTO given_answer (account, request_key, fingerprint, body, at_ms)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        answer.account(),
                        answer.requestKey(),
                        answer.fingerprint(),
                        answer.body(),
                        now.toEpochMilli());
        if (added == 0) {
            throw new StoreException(
                    Code.CONFLICT,
                    "request key of %s was used before: %s"
                            .formatted(answer.account(), answer.requestKey()));
        }
    }

    private void forgetOld(Instant now) {
        long tooMany =
                database.first(
                                row -> row.getLong(1),
                                "SELECT at_ms FROM given_answer ORDER BY at_ms DESC LIMIT 1"
                                        + " OFFSET "
                                        + (MOST_ANSWERS - 1))
                        .orElse(Long.MIN_VALUE);
        database.update(
                "DELETE FROM given_answer WHERE at_ms < ? OR at_ms <= ?", oldest(now), tooMany);
    }

    private long oldest(Instant now) {
        return now.minus(retention.answerAge()).toEpochMilli();
    }

    Optional<GivenAnswer> recall(String account, String requestKey, Instant now) {
        return database.first(
                row -> new GivenAnswer(account, requestKey, row.getString(1), row.getString(2)),
                "SELECT fingerprint, body FROM given_answer WHERE account = ? AND request_key = ?"
                        + " AND at_ms >= ?",
                account,
                requestKey,
                oldest(now));
    }
}
