package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AgreementRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What accounts agree to, so that they may call what others grant on that condition. */
final class AgreementOperations {
    static final int MOST_AGREEMENTS = 1_000;
    static final int MOST_LISTED = 1_000;

    private final Writes writes;

    AgreementOperations(Writes writes) {
        this.writes = writes;
    }

    /** What the account has agreed to. */
    CompletionStage<Reply> list(Call call) {
        return answer(
                call.catalog().agreements(call.account()).stream().map(Stamped::value).toList());
    }

    /** Who has agreed to something for one of the account's tasks or APIs. */
    CompletionStage<Reply> ofTask(Call call) {
        TaskRef task = AccountNames.granted(call);
        return answer(call.catalog().agreementsTo(task).limit(MOST_LISTED).toList());
    }

    private static CompletionStage<Reply> answer(List<AgreementRecord> all) {
        return CompletableFuture.completedFuture(
                Reply.ok(ControlJson.list("agreements", all, AgreementOperations::put)));
    }

    /** Agrees to what a grant asks for, word for word; instead of what was agreed to before. */
    CompletionStage<Reply> put(Call call) {
        TaskRef task = granted(call);
        String text = call.body().knowing("agreement").text("agreement");
        Catalog catalog = call.catalog();
        List<String> asked = asked(catalog, call, task).distinct().toList();
        if (asked.isEmpty() || task.account().equals(call.account())) {
            throw new RefusedException(
                    ErrorCode.TASK_NOT_FOUND, "nothing is asked of the account for a task " + task);
        }
        if (!asked.contains(text)) {
            throw RefusedException.invalid(
                    "agreement", "is not what is asked for: " + String.join("; or: ", asked));
        }
        AgreementRecord after = new AgreementRecord(call.account(), task, text);
        Optional<Stamped<AgreementRecord>> before = catalog.agreement(call.account(), task);
        EntityTag.requireMatch(call, before.map(held -> tag(call, held.seq())));
        if (before.isEmpty() && catalog.agreements(call.account()).size() >= MOST_AGREEMENTS) {
            throw AccountOperations.limit("agreements of an account", MOST_AGREEMENTS);
        }
        ObjectNode json = ControlJson.object();
        put(json, after);
        return writes.replace(
                call,
                Draft.of(after),
                before,
                List.of(),
                before.isPresent()
                        ? Reply.ok(json)
                        : Reply.created("/v1/agreements/" + task, json));
    }

    private static Stream<String> asked(Catalog catalog, Call call, TaskRef task) {
        return Stream.of(Grantee.of(call.account()), Grantee.EVERY_ACCOUNT)
                .flatMap(grantee -> catalog.grants(task, grantee).stream())
                .map(Stamped::value)
                .filter(GrantRecord::allows)
                .map(GrantRecord::terms)
                .flatMap(terms -> terms.agreement().stream());
    }

    /** Takes it back: grants that ask for it hold no more. */
    CompletionStage<Reply> delete(Call call) {
        Stamped<AgreementRecord> before =
                call.catalog()
                        .agreement(call.account(), granted(call))
                        .orElseThrow(() -> new RefusedException(ControlError.AGREEMENT_NOT_FOUND));
        EntityTag.requireMatch(call, Optional.of(tag(call, before.seq())));
        return writes.replace(
                call,
                Draft.deletion(RecordKind.AGREEMENT, before.value().key()),
                Optional.of(before),
                List.of(),
                Reply.empty(204));
    }

    private static TaskRef granted(Call call) {
        try {
            return TaskRef.of(call.values().get("owner"), call.values().get("granted"));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(ErrorCode.TASK_NOT_FOUND);
        }
    }

    private static String tag(Call call, long seq) {
        return EntityTag.of(call.catalog(), call.account(), seq);
    }

    private static void put(ObjectNode json, AgreementRecord agreement) {
        json.put("account", agreement.account().value());
        json.put("task", agreement.task().toString());
        json.put("agreement", agreement.text());
    }
}
