package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.QuarantinedBatch;
import io.runnel.cluster.store.UsageLedger;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageQuery;
import io.runnel.routing.usage.UsageQuery.Side;
import io.runnel.routing.usage.UsageRecord;
import io.runnel.routing.usage.UsageTotal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/**
 * What an account's calls took, and what calls of its tasks took: of the others who called it is
 * told that they did, not who they are.
 */
final class UsageOperations {
    private static final int USUAL_DAYS = 30;
    private static final int MOST_CALLS = 1000;

    private final ControlSettings settings;

    UsageOperations(ControlSettings settings) {
        this.settings = settings;
    }

    /** What the account pays for, by day, task and version. */
    CompletionStage<Reply> totals(Call call) {
        OptionalInt budget =
                call.catalog()
                        .account(call.account())
                        .map(account -> account.quota().gbSeconds())
                        .orElse(OptionalInt.empty());
        CompletionStage<ObjectNode> totals = totals(call, Side.PAYER);
        return budget.isEmpty()
                ? totals.thenApply(Reply::ok)
                : totals.thenCompose(json -> budgeted(call, json, budget.getAsInt()));
    }

    /** With what is used of the budget of the month that it is. */
    private CompletionStage<Reply> budgeted(Call call, ObjectNode json, int budget) {
        YearMonth month = YearMonth.from(settings.clock().instant().atZone(ZoneOffset.UTC));
        return settings.store()
                .usage()
                .memoryKibMillis(call.account(), month.atDay(1), month.atEndOfMonth())
                .thenApply(
                        sum -> {
                            json.putObject("budget")
                                    .put("month", month.toString())
                                    .put("gbSeconds", budget)
                                    .put("used", UsageTotal.gbSeconds(sum));
                            return Reply.ok(json);
                        });
    }

    /** What nodes sent and was not believed, the last first. */
    CompletionStage<Reply> quarantined(Call call) {
        int limit = (int) call.number("limit", 1, MOST_CALLS, MOST_CALLS);
        return settings.store()
                .usage()
                .quarantined(limit)
                .thenApply(
                        batches ->
                                Reply.ok(
                                        ControlJson.list(
                                                "batches", batches, UsageOperations::put)));
    }

    private static void put(ObjectNode json, QuarantinedBatch batch) {
        json.put("at", batch.at().toString());
        json.put("node", batch.spool().node().value());
        json.put("boot", batch.spool().boot());
        json.put("from", batch.from());
        json.put("to", batch.to());
        json.put("records", batch.entries());
        json.put("reason", batch.reason());
    }

    /** What calls of the account's tasks took that accounts pay for which are at home here. */
    CompletionStage<Reply> owned(Call call) {
        return totals(call, Side.OWNER).thenApply(Reply::ok);
    }

    private CompletionStage<ObjectNode> totals(Call call, Side side) {
        LocalDate today = LocalDate.ofInstant(settings.clock().instant(), ZoneOffset.UTC);
        LocalDate from = day(call, "from", today.minusDays(USUAL_DAYS));
        LocalDate to = day(call, "to", today);
        UsageQuery query;
        try {
            query = new UsageQuery(call.account(), side, from, to);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("from", e.getMessage());
        }
        return settings.store()
                .usage()
                .totals(query, UsageLedger.MOST_ROWS)
                .thenApply(totals -> json(call, totals, side));
    }

    private static ObjectNode json(Call call, List<UsageTotal> totals, Side side) {
        ObjectNode json =
                ControlJson.list("usage", totals, (one, total) -> put(call, one, total, side));
        json.put("account", call.account().value());
        if (totals.size() == UsageLedger.MOST_ROWS) {
            json.put("truncated", true);
        }
        return json;
    }

    private static void put(Call call, ObjectNode json, UsageTotal total, Side side) {
        json.put("day", total.day().toString());
        json.put("task", total.task().toString());
        json.put("version", total.version());
        if (side == Side.OWNER) {
            json.put("own", total.payer().equals(call.account()));
        }
        json.put("calls", total.calls());
        json.put("failed", total.failed());
        json.put("milliseconds", total.chargedMillis());
        json.put("gbSeconds", total.gbSeconds());
        json.put("cpuMilliseconds", total.cpuNanos() / 1_000_000);
        json.put("bytesIn", total.bytesIn());
        json.put("bytesOut", total.bytesOut());
    }

    private static LocalDate day(Call call, String name, LocalDate otherwise) {
        return call.query(name)
                .map(text -> JsonBody.checked(name, text, UsageOperations::day))
                .orElse(otherwise);
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a day as 2027-01-31", e);
        }
    }

    /** The single calls that the account pays for, of an hour unless told otherwise. */
    CompletionStage<Reply> calls(Call call) {
        Instant now = settings.clock().instant();
        Instant from =
                call.query("from")
                        .map(text -> JsonBody.checked("from", text, GrantFields::instant))
                        .orElse(now.minus(Duration.ofHours(1)));
        Instant to =
                call.query("to")
                        .map(text -> JsonBody.checked("to", text, GrantFields::instant))
                        .orElse(now.plus(Duration.ofMinutes(1)));
        int limit = (int) call.number("limit", 1, MOST_CALLS, MOST_CALLS);
        return settings.store()
                .usage()
                .records(call.account(), from.toEpochMilli(), to.toEpochMilli(), limit)
                .thenApply(
                        records ->
                                Reply.ok(ControlJson.list("calls", records, UsageOperations::put)));
    }

    private static void put(ObjectNode json, UsageRecord record) {
        json.put("requestId", record.id().value());
        json.put("ended", Instant.ofEpochMilli(record.endedMillis()).toString());
        json.put("task", record.task().toString());
        json.put("version", record.version());
        record.key().ifPresent(key -> json.put("key", key));
        record.by().ifPresent(by -> json.put("by", by));
        if (!record.digest().equals(RequestDigest.NONE)) {
            json.put("digest", record.digest().toString());
        }
        json.put("outcome", record.outcome().label());
        json.put("start", record.start().label());
        json.put("milliseconds", record.chargedMillis());
        json.put("memoryBytes", record.memoryBytes());
        json.put("cpuMicroseconds", record.cpuNanos() / 1000);
        json.put("bytesIn", record.bytesIn());
        json.put("bytesOut", record.bytesOut());
    }
}
