import { expect, test } from "vitest";
import { cognitoSignOut } from "./cognito.ts";

const of = {
  issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12",
  endpoint: "https://rushes.auth.eu-central-1.amazoncognito.com/logout",
  clientId: "client-1",
  returnTo: "https://video.example.com/sign-in",
};

test("signing out ends Cognito's session with Cognito's two parameters", () => {
  expect(cognitoSignOut(of)).toBe(
    "https://rushes.auth.eu-central-1.amazoncognito.com/logout?client_id=client-1&logout_uri=https%3A%2F%2Fvideo.example.com%2Fsign-in",
  );
});

test("signing out of any other provider follows OpenID Connect", () => {
  for (const issuer of [
    "https://id.example.com",
    "https://evil.example/cognito-idp.eu-central-1.amazonaws.com/",
    "https://cognito-idp.eu-central-1.amazonaws.com.evil.example/",
  ]) {
    expect(cognitoSignOut({ ...of, issuer })).toBeUndefined();
  }
});
