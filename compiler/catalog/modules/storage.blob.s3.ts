import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const storageBlobS3 = defineModule({
  name: 'storage.blob.s3',
  kind: 'blob_store',
  implements: ['blob_store'],
  doc: 'Message bodies in an S3-compatible object store.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'refused', error: 'storage.blob.s3: expected 0 arguments' },
  unknown: 'refused',
  directives: {
    endpoint: {
      type: 'string',
      required: true,
      doc: 'Host and port of the service (no scheme).',
      snippet: 'endpoint ${1:s3.example.org}',
    },
    secure: { type: 'bool', default: true, doc: 'Use HTTPS.' },
    access_key: { type: 'string', required: true, secretFrom: 0, doc: 'Access key.' },
    secret_key: { type: 'string', required: true, secretFrom: 0, doc: 'Secret key.' },
    bucket: { type: 'string', required: true, doc: 'Bucket name.' },
    region: { type: 'string', doc: 'Region.' },
    object_prefix: { type: 'string', doc: 'Prefix of object names.' },
    creds: {
      type: 'string',
      values: ['access_key', 'file_minio', 'file_aws', 'iam'],
      default: 'access_key',
      doc: 'Credentials source; unknown values behave like access_key.',
      snippet: 'creds ${1|access_key,file_minio,file_aws,iam|}',
      notes: ['Not validated by the real program.'],
    },
  },
  rules: [
    {
      kind: 'value',
      about: ['endpoint'],
      holds: { properties: { endpoint: { minLength: 1 } } },
      message: 'the endpoint is empty',
      details: ['Give host and port of the service: endpoint s3.example.org'],
      maddy: 'storage.blob.s3: endpoint not set',
    },
    {
      kind: 'value',
      about: ['endpoint'],
      holds: { properties: { endpoint: { pattern: '^[^/]*$' } } },
      message: 'the endpoint is a URL',
      details: ['Give host and port only: endpoint s3.example.org; secure says whether HTTPS is used.'],
      maddy: 'storage.blob.s3: Endpoint url cannot have fully qualified paths.',
    },
  ],
  runtime: false,
  docPage: 'blob/s3.md',
  example: `msg_store s3 {
    endpoint s3.example.org
    access_key KEY
    secret_key SECRET
    bucket mail
}`,
  notes: ['access_key and secret_key are required even with other credential sources.'],
});
