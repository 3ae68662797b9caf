package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;

/** Moves a call that runs to another node. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Moves a running call of a Linux program to another node, with its machine.",
            "It runs on meanwhile and stands still for part of a second; whoever waits for its"
                    + " answer goes on waiting and gets it. Its connections end on both sides. If"
                    + " anything fails before it was given up here, it goes on here."
        })
final class MigrateCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(paramLabel = "CALL", description = "its id, as runnel executions shows it")
    private String call = "";

    @Option(
            names = "--to",
            paramLabel = "NODE",
            required = true,
            description = "a node of its region; from a POP, of a region that the POP turns to")
    private String to = "";

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    MigrateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!RequestId.isValid(call)) {
            throw CliException.usage("'%s' is no call's id".formatted(call));
        }
        RequestId id = new RequestId(call);
        NodeName goal = StopCommand.name(to);
        NodeAdmin nodes = NodeAdmin.mustBe(data.in(shell));
        if (!nodes.has(goal)) {
            throw CliException.failed("no node '%s' in this network".formatted(to));
        }
        NodeName from = where(nodes.executions(), id);
        JsonNode end = await(nodes, from, id, goal);
        shell.print(json ? Json.pretty(json(from, end)) : text(from, end));
        return isMoved(end) ? 0 : CliException.Code.FAILED.exit();
    }

    private NodeName where(List<NodeAdmin.Answer> answers, RequestId id) {
        Optional<NodeName> known =
                answers.stream()
                        .filter(NodeAdmin.Answer.Known.class::isInstance)
                        .map(NodeAdmin.Answer.Known.class::cast)
                        .filter(node -> has(node.report(), id))
                        .map(NodeAdmin.Answer.Known::node)
                        .findFirst();
        return known.orElseThrow(
                () ->
                        CliException.failed(
                                "no node says that it runs call %s: it has ended, or is none of a Linux program"
                                        .formatted(id)));
    }

    private static boolean has(JsonNode report, RequestId id) {
        return StreamSupport.stream(report.path("executions").spliterator(), false)
                .anyMatch(one -> one.path("call").asText().equals(id.value()));
    }

    private JsonNode await(NodeAdmin nodes, NodeName from, RequestId id, NodeName goal) {
        Progress progress = new Progress(shell);
        long begunNanos = System.nanoTime();
        long toldNanos = begunNanos;
        JsonNode now = known(nodes.move(from, id, goal));
        while (now.path("state").asText().equals("moving")) {
            long nanos = System.nanoTime();
            if (nanos - begunNanos > LONGEST.toNanos()) {
                throw CliException.failed("%s does not say how it ends".formatted(from));
            }
            if (nanos - toldNanos > TELL_EVERY.toNanos()) {
                toldNanos = nanos;
                progress.tell("moving %s from %s to %s".formatted(id, from, goal));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            now = known(nodes.moved(from, id, goal));
        }
        return now;
    }

    private static JsonNode known(NodeAdmin.Answer answer) {
        return switch (answer) {
            case NodeAdmin.Answer.Known known -> known.report();
            case NodeAdmin.Answer.Unknown unknown ->
                    throw CliException.failed("%s moves no calls".formatted(unknown.node()));
            case NodeAdmin.Answer.Silent silent ->
                    throw CliException.failed("%s: %s".formatted(silent.node(), silent.why()));
        };
    }

    private static boolean isMoved(JsonNode end) {
        return end.path("state").asText().equals("moved");
    }

    private static ObjectNode json(NodeName from, JsonNode end) {
        ObjectNode all = Json.object().put("from", from.value());
        end.forEachEntry(all::set);
        return all;
    }

    private String text(NodeName from, JsonNode end) {
        if (!isMoved(end)) {
            return "%s is not moved: %s".formatted(call, end.path("why").asText());
        }
        return "%s goes on at %s, no more at %s: %d KiB in %d ms, it stood still for %d ms"
                .formatted(
                        call,
                        to,
                        from,
                        end.path("bytes").asLong() >> 10,
                        end.path("tookMillis").asLong(),
                        end.path("stoodMillis").asLong());
    }
}
