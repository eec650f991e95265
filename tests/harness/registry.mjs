// The user events of the contract: category, type, payload fields.

const FIELDS = {
  data_sync: {
    'sync.accounts.started': 'connection_id',
    'sync.accounts.completed': 'connection_id account_count',
    'sync.accounts.failed': 'connection_id reason',
    'sync.transactions.started': 'connection_id account_id',
    'sync.transactions.completed': 'connection_id account_id transaction_count',
    'sync.transactions.failed': 'connection_id account_id reason',
    'sync.holdings.started': 'connection_id account_id',
    'sync.holdings.completed': 'connection_id account_id holdings_count',
    'sync.holdings.failed': 'connection_id account_id reason',
  },
  provider: {
    'provider.token.expiring': 'connection_id provider_slug expires_in_seconds',
    'provider.token.refreshed': 'connection_id provider_slug',
    'provider.token.failed': 'connection_id provider_slug reason needs_reauth',
    'provider.disconnected': 'connection_id provider_slug',
  },
  ai: {
    'ai.response.chunk': 'conversation_id chunk is_final',
    'ai.tool.executing': 'conversation_id tool_name',
    'ai.response.complete': 'conversation_id actions_taken',
  },
  import: {
    'import.started': 'file_name file_format',
    'import.progress': 'file_name progress_percent records_processed',
    'import.completed': 'file_name account_count transaction_count',
    'import.failed': 'file_name reason',
  },
  portfolio: {
    'portfolio.balance.updated': 'account_id previous_balance new_balance delta currency',
    'portfolio.holdings.updated':
      'account_id holdings_count created_count updated_count deactivated_count',
    'portfolio.networth.updated': 'previous_net_worth new_net_worth delta currency account_count',
  },
  security: {
    'security.session.new': 'session_id device_info ip_address location',
    'security.session.suspicious': 'session_id reason',
    'security.session.expiring': 'session_id expires_in_seconds',
    'security.session.revoked': 'session_id device_info reason',
    'security.password.changed': 'initiated_by',
    'security.login.failed': 'reason',
  },
};

const NUMBERS = /_count$|_percent$|_processed$|_seconds$|_balance$|_net_worth$|^delta$/;

function sample(field) {
  if (NUMBERS.test(field)) return 7;
  if (['is_final', 'needs_reauth'].includes(field)) return true;
  return field === 'actions_taken' ? [] : `some ${field}`;
}

/** Every type: {category, event, fields, data}, `data` being a valid payload. */
export const USER_EVENTS = Object.entries(FIELDS).flatMap(([category, types]) =>
  Object.entries(types).map(([event, names]) => {
    const fields = names.split(' ');
    const data = Object.fromEntries(fields.map((field) => [field, sample(field)]));
    return { category, event, fields, data };
  }),
);
export const CATEGORIES = Object.keys(FIELDS);

/** A valid body for one type, without its receivers. */
export function userEvent(event, data = {}) {
  const known = USER_EVENTS.find((each) => each.event === event);
  return { event, data: { ...known.data, ...data } };
}
