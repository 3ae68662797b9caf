package io.runnel.topology;

import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a PostgreSQL database as text. What is wrong is told without the text: it may hold
 * a password.
 */
final class StoreUrl {
    private static final int USUAL_PORT = 5432;
    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}";
    private static final String FILE = "/[A-Za-z0-9_./@+-]{1,255}";
    private static final Pattern URL =
            Pattern.compile(
                    "postgresql://(?<user>%s)@(?<host>[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:(?<port>\\d{1,5}))?/(?<db>%s)(\\?(?<rest>.*))?"
                            .formatted(NAME, NAME));
    private static final Pattern WITH_PASSWORD =
            Pattern.compile("postgresql://[^/@]*:.*@.*|.*[?&]password=.*", Pattern.DOTALL);
    private static final Pattern SETTING =
            Pattern.compile("(?<key>passwordFile|rootCertificate)=(?<file>" + FILE + ")");

    private StoreUrl() {}

    static StoreSetting.Postgresql parse(String text) {
        if (WITH_PASSWORD.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "store must hold no password: PGPASSFILE or ?passwordFile=/FILE leads to it");
        }
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw wrong("postgresql://USER@HOST:PORT/DATABASE");
        }
        String port = url.group("port") == null ? "" + USUAL_PORT : url.group("port");
        Optional<String> password = Optional.empty();
        Optional<String> root = Optional.empty();
        String rest = url.group("rest") == null ? "" : url.group("rest");
        for (String part : rest.isEmpty() ? new String[0] : rest.split("&", -1)) {
            Matcher setting = SETTING.matcher(part);
            if (!setting.matches()) {
                throw wrong("?passwordFile=/FILE or ?rootCertificate=/FILE behind the database");
            }
            Optional<String> file = Optional.of(setting.group("file"));
            if (setting.group("key").equals("passwordFile")) {
                password = file;
            } else {
                root = file;
            }
        }
        return new StoreSetting.Postgresql(
                url.group("user"),
                Scalars.dialled(url.group("host") + ":" + port),
                url.group("db"),
                password,
                root);
    }

    private static IllegalArgumentException wrong(String rule) {
        return new IllegalArgumentException("store must be sqlite or " + rule);
    }

    static String write(StoreSetting.Postgresql store) {
        StringJoiner rest = new StringJoiner("&", "?", "").setEmptyValue("");
        store.passwordFile().ifPresent(file -> rest.add("passwordFile=" + file));
        store.rootCertificate().ifPresent(file -> rest.add("rootCertificate=" + file));
        return "postgresql://%s@%s/%s%s"
                .formatted(store.user(), store.server(), store.database(), rest);
    }
}
