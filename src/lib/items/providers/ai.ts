/** Providers of models, and of what is built around them. */
import {
	ALNUM_32,
	ALNUM_40,
	ANY,
	HEX_32,
	HEX_40,
	HEX_64,
	UUID,
	named,
	own,
	provider,
	shared
} from '#lib/items/providers/provider.ts';

const OPENAI = /^[\w-]{58,74}T3BlbkFJ[\w-]{58,74}$/;
const ANTHROPIC = /^[\w-]{93}AA$/;
const LANGSMITH = /^[a-f0-9]{32}_[a-f0-9]{10}$/;

// prettier-ignore
export const AI_PROVIDERS = [
	provider('openai', 'OpenAI', 'Op', 165, 'platform.openai.com/api-keys', ['OPENAI_API_KEY', 'OPENAI_KEY'],
		own('sk-proj-', OPENAI), own('sk-svcacct-', OPENAI), own('sk-admin-', OPENAI), own('sk-', /^[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}$/)),
	provider('anthropic', 'Anthropic', 'An', 45, 'console.anthropic.com/settings/keys', ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY'],
		own('sk-ant-api03-', ANTHROPIC), own('sk-ant-admin01-', ANTHROPIC), own('sk-ant-', ANY)),
	provider('google-ai', 'Google AI and Maps', 'Go', 255, 'aistudio.google.com/apikey', ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_MAPS_API_KEY', 'FIREBASE_API_KEY'],
		own('AIza', /^[\w-]{35}$/)),
	provider('groq', 'Groq', 'Gr', 35, 'console.groq.com/keys', ['GROQ_API_KEY'], own('gsk_', /^[A-Za-z0-9]{52}$/)),
	provider('xai', 'xAI', 'Xa', 270, 'console.x.ai', ['XAI_API_KEY', 'GROK_API_KEY'], own('xai-', /^\w{80}$/)),
	provider('openrouter', 'OpenRouter', 'Or', 285, 'openrouter.ai/keys', ['OPENROUTER_API_KEY'], own('sk-or-v1-', HEX_64), own('sk-or-', ANY)),
	provider('perplexity', 'Perplexity', 'Pe', 195, 'perplexity.ai/settings/api', ['PERPLEXITY_API_KEY', 'PPLX_API_KEY'], own('pplx-', /^[A-Za-z0-9]{48}$/)),
	provider('deepseek', 'DeepSeek', 'De', 262, 'platform.deepseek.com/api_keys', ['DEEPSEEK_API_KEY'], shared('sk-', /^[a-z0-9]{32}$/)),
	provider('cohere', 'Cohere', 'Co', 15, 'dashboard.cohere.com/api-keys', ['COHERE_API_KEY', 'CO_API_KEY'], named(ALNUM_40)),
	provider('mistral', 'Mistral', 'Mi', 50, 'console.mistral.ai/api-keys', ['MISTRAL_API_KEY'], named(ALNUM_32)),
	provider('replicate', 'Replicate', 'Re', 20, 'replicate.com/account/api-tokens', ['REPLICATE_API_TOKEN'], own('r8_', /^[\w-]{37}$/)),
	provider('huggingface', 'Hugging Face', 'Hf', 90, 'huggingface.co/settings/tokens', ['HF_TOKEN', 'HUGGINGFACE_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HUGGINGFACE_API_KEY'],
		own('hf_', /^[A-Za-z]{34}$/), own('api_org_', /^[A-Za-z]{34}$/)),
	provider('elevenlabs', 'ElevenLabs', 'El', 300, 'elevenlabs.io/app/settings/api-keys', ['ELEVENLABS_API_KEY', 'ELEVEN_API_KEY', 'XI_API_KEY'], own('sk_', /^[a-f0-9]{48}$/)),
	provider('nvidia', 'NVIDIA', 'Nv', 130, 'build.nvidia.com', ['NVIDIA_API_KEY', 'NGC_API_KEY'], own('nvapi-', /^[\w-]{64}$/)),
	provider('langsmith', 'LangSmith', 'Ls', 150, 'smith.langchain.com/settings', ['LANGSMITH_API_KEY', 'LANGCHAIN_API_KEY'], own('lsv2_pt_', LANGSMITH), own('lsv2_sk_', LANGSMITH)),
	provider('langfuse', 'Langfuse', 'Lf', 25, 'cloud.langfuse.com', ['LANGFUSE_SECRET_KEY', 'LANGFUSE_PUBLIC_KEY'], own('sk-lf-', UUID), own('pk-lf-', UUID)),
	provider('pinecone', 'Pinecone', 'Pi', 140, 'app.pinecone.io', ['PINECONE_API_KEY'], own('pcsk_', /^[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}$/)),
	provider('tavily', 'Tavily', 'Ta', 210, 'app.tavily.com', ['TAVILY_API_KEY'], own('tvly-dev-', ANY), own('tvly-', ANY)),
	provider('deepgram', 'Deepgram', 'Dg', 170, 'console.deepgram.com', ['DEEPGRAM_API_KEY'], named(HEX_40)),
	provider('assemblyai', 'AssemblyAI', 'Aa', 275, 'www.assemblyai.com/app', ['ASSEMBLYAI_API_KEY', 'ASSEMBLY_AI_API_KEY'], named(HEX_32)),
	provider('wandb', 'Weights & Biases', 'Wb', 80, 'wandb.ai/authorize', ['WANDB_API_KEY'], named(HEX_40)),
	provider('apify', 'Apify', 'Ap', 145, 'console.apify.com/account/integrations', ['APIFY_TOKEN', 'APIFY_API_TOKEN'], own('apify_api_', /^[A-Za-z0-9]{36}$/)),
	provider('together', 'Together AI', 'To', 250, 'api.together.ai/settings/api-keys', ['TOGETHER_API_KEY'], own('tgp_v1_', ANY), named(HEX_64)),
	provider('fireworks', 'Fireworks AI', 'Fw', 295, 'fireworks.ai/account/api-keys', ['FIREWORKS_API_KEY'], own('fw_', /^[A-Za-z0-9]{20,}$/)),
	provider('cerebras', 'Cerebras', 'Ce', 30, 'cloud.cerebras.ai', ['CEREBRAS_API_KEY'], own('csk-', /^[a-z0-9]{48}$/)),
	provider('voyage', 'Voyage AI', 'Vo', 230, 'dashboard.voyageai.com', ['VOYAGE_API_KEY'], shared('pa-', /^[\w-]{43}$/)),
	provider('jina', 'Jina AI', 'Ji', 340, 'jina.ai/api-dashboard', ['JINA_API_KEY'], own('jina_', ANY)),
	provider('firecrawl', 'Firecrawl', 'Fc', 40, 'www.firecrawl.dev/app/api-keys', ['FIRECRAWL_API_KEY'], own('fc-', HEX_32)),
	provider('stability', 'Stability AI', 'St', 310, 'platform.stability.ai/account/keys', ['STABILITY_API_KEY'], named(/^[A-Za-z0-9]{48}$/, 'sk-')),
	provider('exa', 'Exa', 'Ex', 220, 'dashboard.exa.ai/api-keys', ['EXA_API_KEY'], named(UUID)),
	provider('serper', 'Serper', 'Se', 200, 'serper.dev/api-key', ['SERPER_API_KEY'], named(HEX_40))
];
