#pragma once

// Keys and tokens for tests, made with OpenSSL's command line and Python's hmac, so that what is
// checked against them is not checked against itself. None of the keys is in use anywhere.

#include <string_view>

namespace livetape::auth {

// The text of a secret of 32 bytes that stands for itself.
inline constexpr std::string_view kSecret = "raw:0123456789abcdef0123456789ABCDEF";

inline constexpr std::string_view kRsaPrivatePem = R"(-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC8Z0+akfdOvYyI
KZqAl1sViyKRt2xNTLR2oVyJMiq6S5iWhbP/diEkur+cEfh9dQAGqOoJHLqItCbV
6g2Gu5mvkC/8aP+vKDXo8Q2BIDp20JyAehcVBWas3V+TzkgAz31CD4uNlmrPkGa1
tp4lqeESFrFWJB7VBu1Of2odE/eUm3pUWDomj1BsXAbRgSLImJTpnPHwvHVYdTjj
yQjjDTVEwKsYaRinHbITbDF6hgK5p4ImQTw5OIxw2cRFQWI3tAu6nb+ua00zXNQX
gULrZJXf38wy2TgQQxc0F/uCcN+n7nZ19xeSTun+luqMW9JF4sZzF/GCUwDqmyOe
bsVG/S4RAgMBAAECggEADPr0L9LTLlxeWIo/QBFNf/Y6Tz5LKqc4frzezoADlBq9
vE8hZ94Yafqo1WSikWg0dIECQNb3HhCFZXMO9AOsUr11JOeKCCQV1ML42nbhOErm
oW5n9TWOTaYh3eHWMaIZ/+loxLxChyLshKP8kN07qb6hAK2T5zrnMiOSqMa1pcoT
N8lqXj5tu6Szw/9rqY9rE0nWwTw9kNtSjnLpfZORcwBIJRO288EtFN06V4ECrv1H
lAExAJkTOmjYQ5sj2rhUaH6lNsoFPE5xywWyceunhxMWCuz4fC2B3KnaN5Ec1E8z
p3f4WIyHMkizPEgVZnCW3cpIU7BF1XXS0h8rmYhrLQKBgQDd/aZMrpyxCHP0jjL4
Lw8/LWFGcl/BOoo7mu6Vdxnivmmz+wlS5nRwZn+uUe6cFRuSrk91XwW4KHp/ofc2
NBAbV/zcP4XMTNN3GSSVzTI5w8uTRBNTj3KPcVBwH9FH09152Yk3PbzAfS3SJzqf
dWqxuG8pmK0HxYcq7Zx6N5VZvQKBgQDZRGN6l4ZyT/BTbKtTAu5f//ZTyy+9ewGS
5FTu9uzQoOrZubkufMYRWnghbbaPMfNNz1sFC+OMdoTnqHC9/OlQe2bj1XKXi+kp
M/gnnmko/66AdHo1Hhd/i1ijYwBonlvM2Tq7bxHUTQrzAStdgXLVVbdqjIhOLT9i
nhVsfE4I5QKBgQDbDrUvEFOhQqUiG7xiOhYCkuZd3PlutTS5Us7CgU/y91FZgIyX
2L/oNs0iGMmsDgwyd34DZWxAaPlQv2QygbevM+la8fg3PUyjRxVaGa3JYNOfk9q6
Z2B1+iyVKGCdT41K84Y7E9oR3LT9nyZzOiu6CjTvyDBe7eXPT8BMvlLLxQKBgQCH
rw3xIW/1M7cCYnsb/Fih21gaPGo0Cv2Qnsfr9IkwQU5panMbdRC9BaLAPaQlCSzJ
CxXssOAKeHnHsom2HJwYhvhakJJf0iBqeuoe0+8Yi5SO5C7tvT0vifZxEwLOUxdB
dugW5eZcj0CnQbOzUYRFdqJ1CA6Xw+oxzEfU2ExjgQKBgBzcoigquP4ZHOqKarHe
+egp2h5Mbgu2s4ipMO97BsdjacpGwLtbIkDbS3txp36Eis5TEeA9xNILVfF3tSwq
Jw2d4AGcKtCl7PoabS6o+OXL6HYfA8fsUXYOcTvDIZzW5QGdCQuHoHaI4xy7hy5p
WvtSJnzAS+C+DPh4UBZV71BQ
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kRsaPublicPem = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvGdPmpH3Tr2MiCmagJdb
FYsikbdsTUy0dqFciTIqukuYloWz/3YhJLq/nBH4fXUABqjqCRy6iLQm1eoNhruZ
r5Av/Gj/ryg16PENgSA6dtCcgHoXFQVmrN1fk85IAM99Qg+LjZZqz5BmtbaeJanh
EhaxViQe1QbtTn9qHRP3lJt6VFg6Jo9QbFwG0YEiyJiU6Zzx8Lx1WHU448kI4w01
RMCrGGkYpx2yE2wxeoYCuaeCJkE8OTiMcNnERUFiN7QLup2/rmtNM1zUF4FC62SV
39/MMtk4EEMXNBf7gnDfp+52dfcXkk7p/pbqjFvSReLGcxfxglMA6psjnm7FRv0u
EQIDAQAB
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kRsa1024PublicPem = R"(-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC2PAofxZV5avHNUos+pPCzxHqy
3LfWwljdseeUhaCfXJiz7XiAWdeWkAgrVIJnewqHb0vt+bi3PjML0h/i7ebgJSbZ
8gh7KEm9BWDf7KU7sTsah7gHEvULwTDvC1wTCzK5YnPPBBnBEFKzu0UPREaQk9Lt
cISmBx82Nnu3eZk8cQIDAQAB
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kEcPrivatePem = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGDlU5urWAXA8FCgU
MjAkBaVDYjYDnn3gNcPi+5fFUEihRANCAARUxx6izVuAARq6sLAYO8wPBq3WrLQD
4W4X8gdIUSQtoV89LEHGf/izTsnPtf9UnMhEFvpTy5YdiVDylp3J3PZC
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kEcPublicPem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVMceos1bgAEaurCwGDvMDwat1qy0
A+FuF/IHSFEkLaFfPSxBxn/4s07Jz7X/VJzIRBb6U8uWHYlQ8padydz2Qg==
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kEcCertificatePem = R"(-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIUSdiwVDJ3WKI0bjhIbG1Z5fhtd5AwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGdG9rZW5zMB4XDTI2MTEyMTA3NTAwN1oXDTM2MTExODA3NTAw
N1owETEPMA0GA1UEAwwGdG9rZW5zMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
VMceos1bgAEaurCwGDvMDwat1qy0A+FuF/IHSFEkLaFfPSxBxn/4s07Jz7X/VJzI
RBb6U8uWHYlQ8padydz2QqNTMFEwHQYDVR0OBBYEFNgSuFJ9t/Qr2zXI/LiEJDXB
pqmxMB8GA1UdIwQYMBaAFNgSuFJ9t/Qr2zXI/LiEJDXBpqmxMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgahL0muVxZyxyFknIvagZJwLHG0OtPF6L
h9KVAyztcVgCIQCC3sPg2KKhHAU165zlEJFEhrNwkvRJGwGZnf6t914s1g==
-----END CERTIFICATE-----
)";

inline constexpr std::string_view kP384PublicPem = R"(-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEAvEr5jw3YrZ3sPJUs5hz6zlpI/LOtQnj
nACkULprY24j+GDx77IWDJtmAGLxzIFkqBHQ2p8c94MFeWF1o7WBV1NdX4w2qvUB
9TUk5cShi6SOgXW1U9AAvbueowjBHlK6
-----END PUBLIC KEY-----
)";

// Signed by those keys: {"sub":"alice","exp":1800000000,"sid":"s-1","scope":"subscribe publish"}.
inline constexpr std::string_view kHs256Token =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MTgwMDAwMDAwMCwic2lkIjo"
    "icy0xIiwic2NvcGUiOiJzdWJzY3JpYmUgcHVibGlzaCJ9.d1iOC_Ll98nRJrVeFzmxSxMPqjWHhoizrmNlLZj6Ag"
    "Y";

inline constexpr std::string_view kRs256Token =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MTgwMDAwMDAwMCwic2lkIjo"
    "icy0xIiwic2NvcGUiOiJzdWJzY3JpYmUgcHVibGlzaCJ9.WZQQSsaPafmPkktxozTY4hMYSPWZIRCjveeKsg79Mm"
    "fsO3CZjlnnqTJ-63WndX76iYEJyBbyax1-SIfJVqbj09zICYPUCOeWVHwMxTVyY8X3Ai9M113qqrKIMWnowE-UlV"
    "hq1676OzsndLMaDfHBc5yxkdv5pfzYQaq_2GuqOp1A-N0UBsmHtOVnDeJJgycyaY0Qb_ORE46qp-Zx3l2x1vi6LG"
    "kKlNJN_a7Is0YufurNcufPR85e4cKv22xfZm5DkkEqQmrAyunbbdXi7-BIdaZ_FC-e44zobfqQH-csCTWeAEac3a"
    "RlfVxA42xu00pt44FZoaW_pRR15EfMJb5LTg";

inline constexpr std::string_view kEs256Token =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MTgwMDAwMDAwMCwic2lkIjo"
    "icy0xIiwic2NvcGUiOiJzdWJzY3JpYmUgcHVibGlzaCJ9.3M0eaSbnuIktxs9weTH5UJUW0rJSQ95s2TU0_qpFOs"
    "FrX5rwLT7AXBz34_krW95sz7rXtWOmYC2GztkWqfn8WQ";

}  // namespace livetape::auth
