package io.runnel.cluster.store;

import io.runnel.exec.durable.EventStore.Claim;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.KeptEvent.Asked;
import io.runnel.exec.durable.KeptEvent.Kind;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Events in their table. Each method is one step of its caller's transaction. */
final class EventTable {
    private static final byte[] NOTHING = {};
    private static final String HELD =
            " WHERE id = ? AND holder = ? AND claim = ? AND ended_ms = 0";

    /** Whose turn is next: they lie so in the index. */
    static final String NEXT =
            "SELECT payer FROM kept_event WHERE ended_ms = 0 AND payer > ? AND due_ms <= ?"
                    + " ORDER BY payer LIMIT 1";

    static final String FIRST =
            "SELECT id, kind, account, name, qualifier, source, context, owner, task, payer,"
                + " key_id, payload, accepted_ms, runs, waits, claim FROM kept_event WHERE ended_ms"
                + " = 0 AND payer = ? AND due_ms <= ? ORDER BY payer, due_ms, id LIMIT 1";

    private final Database database;

    EventTable(Database database) {
        this.database = database;
    }

    /** Whether it is new. */
    boolean insert(KeptEvent event) {
        Asked asked = event.asked();
        Progress progress = event.progress();
        int rows =
                database.update(
                        "INSERT INTO kept_event (id, kind, account, name, qualifier, source,"
                                + " context, owner, task, payer, key_id, accepted_ms, runs, waits,"
                                + " due_ms, holder, claim, ended_ms, size, payload) VALUES (?, ?,"
                                + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, ?, ?) ON"
                                + " CONFLICT (id) DO NOTHING",
                        event.id().value(),
                        event.kind().name(),
                        asked.task().account().value(),
                        asked.task().name().value(),
                        asked.named().toString(),
                        asked.source(),
                        asked.context(),
                        event.task().account().value(),
                        event.task().name().value(),
                        event.payer().value(),
                        event.keyId(),
                        event.acceptedAt().toEpochMilli(),
                        (long) progress.runs(),
                        (long) progress.waits(),
                        progress.dueAt().toEpochMilli(),
                        (long) event.payload().length,
                        event.payload());
        return rows == 1;
    }

    boolean isKnown(RequestId id) {
        return database.first(
                        row -> row.getLong(1),
                        "SELECT ended_ms FROM kept_event WHERE id = ?",
                        id.value())
                .isPresent();
    }

    List<KeptEvent> claim(Claim claim) {
        List<KeptEvent> found = new ArrayList<>();
        String payer = claim.after();
        // The first time around may have begun in the middle.
        int roundsWithout = 0;
        while (found.size() < claim.most() && roundsWithout < 2) {
            Optional<String> next = next(payer, claim.now());
            payer = next.orElse("");
            if (next.isEmpty()) {
                roundsWithout++;
            } else if (!claim.without().contains(new AccountId(payer))) {
                found.add(first(payer, claim));
                roundsWithout = 0;
            }
        }
        return found;
    }

    private Optional<String> next(String after, Instant now) {
        return database.first(row -> row.getString(1), NEXT, after, now.toEpochMilli());
    }

    private KeptEvent first(String payer, Claim claim) {
        KeptEvent event =
                database.first(
                                row -> event(row, claim.until()),
                                FIRST,
                                payer,
                                claim.now().toEpochMilli())
                        .orElseThrow();
        database.update(
                "UPDATE kept_event SET holder = ?, due_ms = ?, claim = ? WHERE id = ?",
                claim.node(),
                claim.until().toEpochMilli(),
                event.progress().claim(),
                event.id().value());
        return event;
    }

    private static KeptEvent event(ResultSet row, Instant until) throws SQLException {
        Asked asked =
                new Asked(
                        TaskRef.of(row.getString(3), row.getString(4)),
                        qualifier(row.getString(5)),
                        row.getString(6),
                        row.getString(7));
        return new KeptEvent(
                new RequestId(row.getString(1)),
                Kind.valueOf(row.getString(2)),
                asked,
                TaskRef.of(row.getString(8), row.getString(9)),
                new AccountId(row.getString(10)),
                row.getString(11),
                row.getBytes(12),
                Instant.ofEpochMilli(row.getLong(13)),
                new Progress(row.getInt(14), row.getInt(15), until, row.getLong(16) + 1));
    }

    private static Qualifier qualifier(String text) {
        return text.isEmpty() ? Qualifier.NONE : Qualifier.parse(text.substring(1)).orElseThrow();
    }

    void renew(String node, Collection<RequestId> events, Instant until) {
        database.updateAll(
                "UPDATE kept_event SET due_ms = ? WHERE id = ? AND holder = ? AND ended_ms = 0",
                events.stream()
                        .map(id -> new Object[] {until.toEpochMilli(), id.value(), node})
                        .toList());
    }

    boolean again(String node, KeptEvent event, Progress progress) {
        return database.update(
                        "UPDATE kept_event SET holder = '', runs = ?, waits = ?, due_ms = ?" + HELD,
                        (long) progress.runs(),
                        (long) progress.waits(),
                        progress.dueAt().toEpochMilli(),
                        event.id().value(),
                        node,
                        event.progress().claim())
                == 1;
    }

    boolean end(String node, KeptEvent event, Instant now) {
        return database.update(
                        "UPDATE kept_event SET holder = '', ended_ms = ?, payload = ?, context = ''"
                                + HELD,
                        now.toEpochMilli(),
                        NOTHING,
                        event.id().value(),
                        node,
                        event.progress().claim())
                == 1;
    }

    int release(String node, Instant now) {
        return database.update(
                "UPDATE kept_event SET holder = '', due_ms = ? WHERE holder = ? AND ended_ms = 0",
                now.toEpochMilli(),
                node);
    }

    void forgetEnded(Instant before) {
        database.update(
                "DELETE FROM kept_event WHERE ended_ms > 0 AND ended_ms < ?",
                before.toEpochMilli());
    }
}
