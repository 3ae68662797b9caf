package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Schedule;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is said of a schedule. */
final class ScheduleOptions {
    @Option(
            names = "--task",
            required = true,
            paramLabel = "NAME[@VERSION]",
            description = "which of your tasks, and which of its versions if not the live one")
    private String task = "";

    @Option(
            names = "--cron",
            required = true,
            paramLabel = "TEXT",
            description =
                    "minute, hour, day of the month, month, day of the week: \"0 6 * * MON-FRI\";"
                            + " or @hourly, @daily, @weekly, @monthly")
    private String cron = "";

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "by the clock of this time zone, as Europe/Amsterdam; UTC unless given")
    private Optional<String> zone = Optional.empty();

    @Option(
            names = "--payload",
            paramLabel = "TEXT|@FILE",
            description =
                    "what the task reads, as JSON: itself, or a file's; unless given a document"
                            + " that says which tick it is")
    private Optional<String> payload = Optional.empty();

    @Option(
            names = "--catch-up",
            paramLabel = "TIME",
            description =
                    "after a time in which none could run, run the last tick if it is no older, as"
                            + " 1h: 24h at most; a minute unless given")
    private Optional<String> catchUp = Optional.empty();

    @Option(names = "--paused", description = "it does not tick, until it is set without this")
    private boolean paused;

    ObjectNode body() {
        ObjectNode body = Json.object();
        body.put("task", task);
        body.put("cron", cron);
        zone.ifPresent(name -> body.put("zone", name));
        payload.ifPresent(given -> body.put("payload", content(given)));
        catchUp.ifPresent(time -> body.put("catchUp", time));
        if (paused) {
            body.put("paused", true);
        }
        return body;
    }

    private static String content(String given) {
        if (!given.startsWith("@")) {
            return given;
        }
        try (InputStream file = Files.newInputStream(Path.of(given.substring(1)))) {
            int most = Math.toIntExact(Schedule.MOST_PAYLOAD.bytes());
            byte[] bytes = file.readNBytes(most + 1);
            if (bytes.length > most) {
                throw CliException.failed(
                        "--payload %s has more than %,d bytes (%s; this limit is fixed)"
                                .formatted(given, most, Schedule.MOST_PAYLOAD));
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw CliException.failed("--payload %s is no text in UTF-8".formatted(given));
        } catch (IOException e) {
            throw CliException.failed(
                    "--payload %s cannot be read: %s".formatted(given, Reason.of(e)));
        }
    }
}
