package io.runnel.region.cli;

import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.topology.HostCertificate;
import io.runnel.topology.Pop;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes the certificates in a POP's files, by whatever address it is called: a topology names
 * addresses, certificates name hosts. Whom else this Java believes is believed by its host's name.
 */
final class PopTrust extends X509ExtendedTrustManager {
    private final Set<X509Certificate> own;
    private final X509ExtendedTrustManager others;

    private PopTrust(Set<X509Certificate> own, X509ExtendedTrustManager others) {
        this.own = own;
        this.others = others;
    }

    /** A client for a POP; where its files are not, one as for any other server. */
    static HttpClient client(Pop pop) {
        return pop.isSecured()
                ? Api.newClient(builder -> builder.sslContext(context(pop)))
                : Api.newClient();
    }

    private static SSLContext context(Pop pop) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            Set<X509Certificate> own =
                    pop.tls().stream().flatMap(PopTrust::read).collect(Collectors.toSet());
            context.init(new KeyManager[0], new TrustManager[] {new PopTrust(own, ofJava())}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static Stream<X509Certificate> read(HostCertificate files) {
        try {
            return Stream.of(
                    Pem.certificates(Files.readString(Path.of(files.certificate()))).getFirst());
        } catch (IOException | PemException e) {
            return Stream.empty();
        }
    }

    private static X509ExtendedTrustManager ofJava() throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this Java believes nobody"));
    }

    private boolean isOwn(X509Certificate[] chain) {
        return chain.length > 0 && own.contains(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (!isOwn(chain)) {
            others.checkServerTrusted(chain, authType, engine);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (!isOwn(chain)) {
            others.checkServerTrusted(chain, authType, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        if (!isOwn(chain)) {
            others.checkServerTrusted(chain, authType);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        others.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        others.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        others.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return others.getAcceptedIssuers();
    }
}
