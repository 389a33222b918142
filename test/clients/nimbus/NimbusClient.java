import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.client.ClientDeleteRequest;
import com.nimbusds.oauth2.sdk.client.ClientInformation;
import com.nimbusds.oauth2.sdk.client.ClientMetadata;
import com.nimbusds.oauth2.sdk.client.ClientReadRequest;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationRequest;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationResponse;
import com.nimbusds.oauth2.sdk.client.ClientUpdateRequest;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import java.net.URI;

/** Registers, reads, updates and deletes by the requests of the Nimbus OAuth 2.0 SDK. */
class NimbusClient {
  public static void main(String[] arguments) throws Exception {
    URI endpoint =
        AuthorizationServerMetadata.resolve(new Issuer(System.getenv("ISSUER")))
            .getRegistrationEndpointURI();
    var initialAccessToken = new BearerAccessToken(System.getenv("INITIAL_ACCESS_TOKEN"));
    var metadata = new ClientMetadata();
    metadata.setName("Nimbus");
    metadata.setRedirectionURI(URI.create("https://client.example/callback"));

    ClientInformation registered =
        client(new ClientRegistrationRequest(endpoint, metadata, initialAccessToken).toHTTPRequest());
    URI location = registered.getRegistrationURI();

    ClientInformation read =
        client(
            new ClientReadRequest(location, registered.getRegistrationAccessToken()).toHTTPRequest());
    equal(read.toJSONObject(), registered.toJSONObject());

    metadata.setName("Nimbus, renamed");
    ClientInformation updated =
        client(
            new ClientUpdateRequest(
                    location,
                    registered.getID(),
                    registered.getRegistrationAccessToken(),
                    metadata,
                    registered.getSecret())
                .toHTTPRequest());
    equal(updated.getMetadata().getName(), "Nimbus, renamed");

    var deleted =
        new ClientDeleteRequest(location, updated.getRegistrationAccessToken())
            .toHTTPRequest()
            .send();
    equal(deleted.getStatusCode(), 204);
  }

  static ClientInformation client(com.nimbusds.oauth2.sdk.http.HTTPRequest request)
      throws Exception {
    var response = ClientRegistrationResponse.parse(request.send());
    if (!response.indicatesSuccess())
      throw new IllegalStateException(response.toErrorResponse().getErrorObject().toString());
    return response.toSuccessResponse().getClientInformation();
  }

  static void equal(Object actual, Object expected) {
    if (!expected.equals(actual)) throw new IllegalStateException(actual + " is not " + expected);
  }
}
